import type { Fault, NodeId } from '../../src/faults/fault.ts';
import type { Client, Completion, Invocation } from '../../src/world/client.ts';
import type { Nanos } from '../../src/world/nanos.ts';
import type { Observation, World } from '../../src/world/world.ts';

/** What a fake client does with an operation: answers after a while, rejects after a while, or never answers. */
export type Behaviour =
  | { readonly after: Nanos; readonly completion: Completion }
  | { readonly after: Nanos; readonly reject: string }
  | 'never';

export interface FakeOptions {
  readonly nodes?: readonly NodeId[];
  readonly invoke?: (operation: Invocation, process: number, time: Nanos) => Behaviour;
  /** How an attempt to connect ends; by default at once and well. */
  readonly open?: (node: NodeId, process: number, time: Nanos) => 'ok' | 'refused' | 'never';
  readonly inject?: (fault: Fault) => Promise<unknown>;
}

/** A world without nodes: virtual time, clients that do as they are told, and a diary of what was asked of it. */
export class FakeWorld implements World {
  readonly kind = 'sim';
  readonly nodes: readonly NodeId[];
  readonly diary: string[] = [];
  /** Clients made, by the process that they were made for. */
  readonly clients: { process: number; node: NodeId | null; operations: number; closed: boolean }[] = [];
  private readonly options: FakeOptions;
  /** Tells the controller that the world has noticed something. */
  notice: (observation: Observation) => void = () => {};
  private readonly agenda: { time: Nanos; wake: () => void }[] = [];
  private time = 0;

  constructor(options: FakeOptions = {}) {
    this.options = options;
    this.nodes = options.nodes ?? ['n1', 'n2', 'n3'];
  }

  can(): true {
    return true;
  }

  now(): Nanos {
    return this.time;
  }

  after(delay: Nanos, wake: () => void): () => void {
    const entry = { time: this.time + delay, wake };
    const later = this.agenda.findIndex((other) => other.time > entry.time);
    this.agenda.splice(later < 0 ? this.agenda.length : later, 0, entry);
    return () => {
      const i = this.agenda.indexOf(entry);
      if (i >= 0) this.agenda.splice(i, 1);
    };
  }

  client(process: number): Client {
    const record = { process, node: null as NodeId | null, operations: 0, closed: false };
    this.clients.push(record);
    return {
      open: async (node) => {
        const outcome = this.options.open?.(node, process, this.time) ?? 'ok';
        if (outcome === 'refused') throw new Error(`${node} refused`);
        if (outcome === 'never') await new Promise(() => {});
        record.node = node;
      },
      invoke: (operation) => {
        record.operations++;
        const behaviour = this.options.invoke?.(operation, process, this.time) ?? OK_AFTER_1_MS;
        return new Promise((resolve, reject) => {
          if (behaviour === 'never') return;
          if ('reject' in behaviour) this.after(behaviour.after, () => reject(new Error(behaviour.reject)));
          else this.after(behaviour.after, () => resolve(behaviour.completion));
        });
      },
      close: async () => {
        record.closed = true;
      },
    };
  }

  primaries(): NodeId[] {
    return [];
  }

  observe(listener: (observation: Observation) => void): void {
    this.notice = listener;
  }

  async inject(fault: Fault): Promise<unknown> {
    this.diary.push(`${fault.kind} at ${this.time}`);
    return this.options.inject?.(fault);
  }

  async healAll(): Promise<void> {
    this.diary.push(`heal at ${this.time}`);
  }

  async start(): Promise<void> {
    this.diary.push('start');
  }

  async stop() {
    this.diary.push('stop');
    return { trace: [], counts: { nanos: this.time } };
  }

  async run<T>(body: () => Promise<T>): Promise<T> {
    let settled = false;
    const result = body().finally(() => {
      settled = true;
    });
    result.catch(() => {});
    await microtasks();
    while (!settled) {
      const next = this.agenda.shift();
      if (next === undefined) throw new Error('stalled');
      this.time = next.time;
      next.wake();
      await microtasks();
    }
    return await result;
  }
}

const OK_AFTER_1_MS: Behaviour = { after: 1_000_000, completion: { type: 'ok' } };

function microtasks(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
