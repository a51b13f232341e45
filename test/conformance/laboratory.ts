import type { Fault, NodeId } from '../../src/faults/fault.ts';
import type { Completion } from '../../src/world/client.ts';
import { MILLISECOND, type Nanos, SECOND } from '../../src/world/nanos.ts';
import type { World } from '../../src/world/world.ts';
import type { Arrival, Question, Time } from './probe.ts';

/** Messages of a batch: so few that a stalled receiver has room for all of them. */
const BATCH = 100;

/** No message is held back for this long but once in 10^26. */
const LONG_HELD_BACK: Nanos = 300 * MILLISECOND;

/** A condition that holds by then, or never, however busy the machine (time of the world). */
const PATIENCE: Nanos = 120 * SECOND;

/** A world with three probes in it, and what a case may do there. */
export class Laboratory {
  private readonly world: World;
  private asked = 0;
  private named = 0;

  constructor(world: World) {
    this.world = world;
  }

  inject(...faults: readonly Fault[]): Promise<unknown> {
    return faults.reduce<Promise<unknown>>(
      (before, fault) => before.then(() => this.world.inject(fault)),
      Promise.resolve(),
    );
  }

  heal(): Promise<void> {
    return this.world.healAll();
  }

  /** How asking went: each question by a client of its own, so none waits for another. */
  attempt(node: NodeId, question: Question): Promise<Completion> {
    return this.world.client(this.asked++).invoke({ f: node, value: question });
  }

  /** The answer of a node that must give one. */
  async ask<T>(node: NodeId, question: Question): Promise<T> {
    const { type, value, error } = await this.attempt(node, question);
    if (type !== 'ok') throw new Error(`${node} does not answer: ${error}`);
    return value as T;
  }

  time(node: NodeId): Promise<Time> {
    return this.ask(node, { do: 'time' });
  }

  /** How far the clock of n1 is ahead of that of n2 at least: n1 is asked first. */
  async ahead(): Promise<Nanos> {
    const [one, two] = [await this.time('n1'), await this.time('n2')];
    return one.wall - two.wall;
  }

  /** A name that no other case has used. */
  name(): string {
    return `x${++this.named}`;
  }

  async until(what: string, condition: () => Promise<boolean>): Promise<void> {
    const deadline = this.world.now() + PATIENCE;
    while (!(await condition())) {
      if (this.world.now() > deadline) throw new Error(`in vain waited until ${what}`);
      await this.pause(20 * MILLISECOND);
    }
  }

  /** Waits until a node answers again. */
  async answers(node: NodeId): Promise<void> {
    await this.until(`${node} answers`, async () => (await this.attempt(node, { do: 'time' })).type === 'ok');
  }

  /** What n2 has got of messages from n1 that were sent while `faults` held, once it has all that it will ever get. */
  async sent(faults: readonly Fault[]): Promise<readonly Arrival[]> {
    const batch = this.name();
    await this.inject(...faults);
    await this.ask('n1', { do: 'send', to: 'n2', batch, count: BATCH });
    await this.settled(faults.some(({ kind }) => kind === 'process/lie') ? 'n3' : 'n1');
    return this.got(batch);
  }

  got(batch: string): Promise<readonly Arrival[]> {
    return this.ask('n2', { do: 'got', batch });
  }

  /**
   * What was sent from n1 to n2 has come, if it ever will: something that was sent later has come, twice, because who
   * carries messages may deal with late ones only after the next. From n1 itself, unless it is cut off or lies. A
   * datagram may be lost by itself where a receiver stalls, so it is sent until it comes.
   */
  async settled(from: 'n1' | 'n3'): Promise<void> {
    if (from === 'n1') await this.inject({ kind: 'network/unshape' });
    await this.pause(LONG_HELD_BACK);
    for (const last of [this.name(), this.name()]) {
      await this.until('the last message is there', async () => {
        await this.ask(from, { do: 'send', to: 'n2', batch: last, count: 1 });
        return (await this.got(last)).length > 0;
      });
    }
  }

  private pause(delay: Nanos): Promise<void> {
    return new Promise((resolve) => this.world.after(delay, resolve));
  }
}
