import { HistoryBuilder } from '../../histories/builder.ts';
import type { History } from '../../histories/history.ts';
import type { Op } from '../../histories/op.ts';
import { faultOfOp, type NodeId } from '../faults/fault.ts';
import type { Generator, GeneratorContext, Planned, Thread } from '../generator/generator.ts';
import type { Completion } from '../world/client.ts';
import type { Nanos } from '../world/nanos.ts';
import type { RandomStream } from '../world/random.ts';
import type { Cancel, Observation, World } from '../world/world.ts';
import { ClientThread } from './client-thread.ts';
import { errorMessage, settle } from './settle.ts';

/** The function of the nemesis that undoes every fault; its other functions are kinds of faults. */
export const HEAL = 'heal';

/** Hears each event as it is recorded; `stop` ends the run. */
// biome-ignore lint/suspicious/noConfusingVoidType: most listeners return nothing
export type EventListener = (event: Op) => void | 'stop';

export interface InterpreterOptions {
  readonly world: World;
  /** Client threads; the nemesis comes on top. */
  readonly concurrency: number;
  /** After how long without an answer an operation's outcome counts as unknown. */
  readonly timeout: Nanos;
  readonly random: RandomStream;
  readonly onEvent?: EventListener | undefined;
}

const NOTHING: Generator = { next: () => 'done' };

/**
 * Performs what a generator gives and records what happens. It acts when an operation has ended or when the time has
 * come that the generator waits for, and at no other time; so the history is as deterministic as the world is.
 */
export class Interpreter {
  private readonly options: InterpreterOptions;
  private readonly world: World;
  private readonly builder = new HistoryBuilder();
  private readonly clients: readonly ClientThread[];
  private readonly threads: readonly Thread[];
  private readonly busy = new Set<Thread>();
  private free: readonly Thread[];
  private generator = NOTHING;
  private played: { resolve(): void; reject(error: unknown): void } | null = null;
  private alarm: { readonly time: Nanos; readonly cancel: Cancel } | null = null;
  private stopping = false;
  /** What the world noticed while the nemesis was at work; its completion must follow its invocation. */
  private readonly noticed: Observation[] = [];

  constructor(options: InterpreterOptions) {
    this.options = options;
    this.world = options.world;
    const { world, concurrency, timeout } = options;
    const numbers = Array.from({ length: concurrency }, (_, thread) => thread);
    this.clients = numbers.map((thread) => new ClientThread(world, thread, concurrency, timeout));
    this.threads = [...numbers, 'nemesis'];
    this.free = this.threads;
    world.observe?.((observation) => {
      this.noticed.push(observation);
      this.act(() => this.recordNoticed());
    });
  }

  /** Whether whoever hears the events has stopped the run. */
  get stopped(): boolean {
    return this.stopping;
  }

  /** What has happened so far. */
  history(): History {
    return this.builder.build();
  }

  /** Plays a generator until it is done and its operations have ended, or until the run is stopped. */
  play(generator: Generator): Promise<void> {
    return new Promise((resolve, reject) => {
      this.played = { resolve, reject };
      this.act(() => {
        this.generator = generator;
        this.recordNoticed();
      });
    });
  }

  /** Gives up what clients have open, and their connections. */
  close(): void {
    for (const client of this.clients) client.close();
    this.busy.clear();
    this.free = this.threads;
  }

  /** Takes note of something, then goes on; whatever throws ends the play. */
  private act(change: () => void): void {
    if (this.played === null) return;
    try {
      change();
      this.advance();
    } catch (error) {
      this.end()?.reject(error);
    }
  }

  /** Starts every operation that can begin now, and sees to it that somebody will come back. */
  private advance(): void {
    for (;;) {
      const context = this.context();
      const step = this.generator.next(context);
      if (step === 'done') {
        this.wakeAt(undefined);
        if (this.busy.size === 0) this.end()?.resolve();
        return;
      }
      if ('pending' in step) {
        this.wait(step.pending.until, context.time);
        return;
      }
      this.start(step.op);
    }
  }

  /** `asked` is when the generator said so: where time is real, it goes on meanwhile. */
  private wait(until: Nanos | undefined, asked: Nanos): void {
    if (until === undefined && this.busy.size === 0)
      throw new Error('the generator waits for an event, but nothing is under way and it names no time');
    if (until !== undefined && until <= asked)
      throw new Error(`the generator waits until ${until} ns, but it is ${asked} ns already`);
    this.wakeAt(until);
  }

  private wakeAt(time: Nanos | undefined): void {
    if (this.alarm?.time === time) return;
    this.alarm?.cancel();
    this.alarm = null;
    if (time === undefined) return;
    const wake = () =>
      this.act(() => {
        this.alarm = null;
      });
    this.alarm = { time, cancel: this.world.after(Math.max(0, time - this.world.now()), wake) };
  }

  private start(op: Planned): void {
    const { thread } = op;
    if (!this.free.includes(thread))
      throw new Error(`the generator gave an operation "${op.f}" to thread ${thread}, which is not free`);
    this.busy.add(thread);
    this.updateFree();
    if (thread === 'nemesis') {
      this.record(op, undefined, { type: 'invoke', value: op.value });
      this.injure(op);
      return;
    }
    const node = op.node ?? this.world.nodes[thread % this.world.nodes.length]!;
    this.record(op, node, { type: 'invoke', value: op.value });
    if (this.stopping) return;
    this.clients[thread]!.perform(op, node, (completion) => this.complete(op, node, completion));
  }

  private injure(op: Planned): void {
    settle<unknown>(
      () => (op.f === HEAL ? this.world.healAll() : this.world.inject(faultOfOp(op.f, op.value))),
      (answer) => this.complete(op, undefined, { type: 'info', value: answer ?? null }),
      (error) => this.complete(op, undefined, { type: 'info', error: errorMessage(error) }),
    );
  }

  private complete(op: Planned, node: NodeId | undefined, completion: Completion): void {
    this.act(() => {
      this.busy.delete(op.thread);
      this.updateFree();
      this.record(op, completion.node ?? node, completion);
      if (completion.type === 'info' && op.thread !== 'nemesis') this.clients[op.thread]!.retire();
      if (op.thread === 'nemesis') this.recordNoticed();
    });
  }

  private record(
    op: Planned,
    node: NodeId | undefined,
    what: Pick<Op, 'type' | 'error'> & { readonly value?: unknown },
  ): void {
    this.append({
      process: op.thread === 'nemesis' ? op.thread : this.clients[op.thread]!.process,
      type: what.type,
      f: op.f,
      value: what.value === undefined ? op.value : what.value,
      key: op.key,
      node,
      error: what.error,
    });
  }

  /** What the world noticed stands with the nemesis's events, as a completion of nothing. */
  private recordNoticed(): void {
    if (this.busy.has('nemesis')) return;
    for (const { f, node, value } of this.noticed.splice(0))
      this.append({ process: 'nemesis', type: 'info', f, value, node });
  }

  private append(what: Omit<Op, 'index' | 'time'>): void {
    const event: Op = { index: this.builder.length, time: this.world.now(), ...what };
    this.builder.append(event);
    this.generator.observe?.(event, this.context());
    if (this.options.onEvent?.(event) === 'stop') this.stop();
  }

  /** Nothing new begins, and clients are no longer listened to; only the nemesis finishes what it is doing. */
  private stop(): void {
    if (this.stopping) return;
    this.stopping = true;
    this.generator = NOTHING;
    for (const client of this.clients) client.close();
    for (const thread of this.threads) if (thread !== 'nemesis') this.busy.delete(thread);
    this.updateFree();
  }

  private end(): { resolve(): void; reject(error: unknown): void } | null {
    const { played } = this;
    this.played = null;
    this.generator = NOTHING;
    this.wakeAt(undefined);
    return played;
  }

  private updateFree(): void {
    this.free = this.threads.filter((thread) => !this.busy.has(thread));
  }

  private context(): GeneratorContext {
    const { random, concurrency } = this.options;
    const { threads, free, world } = this;
    return { time: world.now(), random, nodes: world.nodes, concurrency, threads, free };
  }
}
