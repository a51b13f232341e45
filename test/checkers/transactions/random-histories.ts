import fc from 'fast-check';
import type { Dialect } from '../../../checkers/transactions/micro-operations.ts';
import type { OpEvent } from '../../../histories/op.ts';
import type { Micro } from './oracle.ts';

/** How the store that answers behaves. */
export type Store = 'serial' | 'snapshot' | 'stale' | 'chaos';

export interface Small {
  readonly dialect: Dialect;
  readonly store: Store;
  /** Most transactions. */
  readonly transactions: number;
}

/** Histories of a few transactions on two keys, with aborted and unknown ones, from stores more or less wrong. */
export function smallHistory(small: Small): fc.Arbitrary<OpEvent[]> {
  return fc.infiniteStream(fc.nat({ max: 0xffff })).map((numbers) => {
    const draw = (below: number) => numbers.next().value! % below;
    return new Simulation(small, draw).run();
  });
}

interface Open {
  readonly process: number;
  readonly plan: readonly Micro[];
  readonly snapshot: number;
}

/** Runs a few clients against a store that keeps all versions of each key. */
class Simulation {
  private readonly small: Small;
  private readonly draw: (below: number) => number;
  private readonly events: OpEvent[] = [];
  /** By key, every version in order; for lists each is one element. */
  private readonly versions: Record<string, { value: number; moment: number }[]> = { x: [], y: [] };
  /** What anybody ever tried to write, by key. */
  private readonly tried: Record<string, number[]> = { x: [], y: [] };
  private moment = 0;
  private nextProcess = 3;

  constructor(small: Small, draw: (below: number) => number) {
    this.small = small;
    this.draw = draw;
  }

  run(): OpEvent[] {
    const { draw } = this;
    const idle = draw(2) === 0 ? [0, 1] : [0, 1, 2];
    const open: Open[] = [];
    let left = 2 + draw(this.small.transactions - 1);
    while (left > 0 || open.length > 0) {
      if (left > 0 && idle.length > 0 && (open.length === 0 || draw(2) === 0)) {
        const process = idle.splice(draw(idle.length), 1)[0]!;
        const plan = Array.from({ length: 1 + draw(3) }, () => this.micro());
        this.record(process, 'invoke', plan);
        open.push({ process, plan, snapshot: draw(3) === 0 ? draw(this.moment + 1) : this.moment });
        left--;
        continue;
      }
      const txn = open.splice(draw(open.length), 1)[0]!;
      idle.push(this.complete(txn));
    }
    return this.events;
  }

  private record(process: number, type: OpEvent['type'], value: readonly Micro[]): void {
    this.events.push({ time: this.events.length * 1e6, process, type, f: 'txn', value });
  }

  private micro(): Micro {
    const key = this.draw(2) === 0 ? 'x' : 'y';
    if (this.draw(2) === 0) return ['r', key, null];
    const value = this.tried[key]!.length + 1;
    this.tried[key]!.push(value);
    return [this.small.dialect === 'list-append' ? 'append' : 'w', key, value];
  }

  /** Lets a transaction take effect or not; returns the process that its client goes on with. */
  private complete(txn: Open): number {
    const fate = this.draw(10);
    if (fate === 0) {
      this.record(txn.process, 'fail', txn.plan);
      // A wrong store lets an aborted transaction leave a trace.
      if (this.small.store === 'chaos' && this.draw(2) === 0) this.apply(txn.plan);
      return txn.process;
    }
    const moment = this.small.store === 'serial' ? this.moment : txn.snapshot;
    const value = this.answer(txn.plan, moment);
    if (fate !== 1) {
      this.apply(txn.plan);
      this.record(txn.process, 'ok', value);
      return txn.process;
    }
    if (this.draw(2) === 0) this.apply(txn.plan);
    if (this.draw(2) === 0) this.record(txn.process, 'info', txn.plan);
    return this.nextProcess++;
  }

  private apply(plan: readonly Micro[]): void {
    this.moment++;
    for (const [f, key, value] of plan) {
      if (f === 'r') continue;
      const versions = this.versions[key]!;
      const version = { value: value as number, moment: this.moment };
      // A wrong store may keep versions in another order than that of the commits.
      const back = this.small.store === 'chaos' && this.draw(6) === 0 ? this.draw(versions.length + 1) : 0;
      versions.splice(versions.length - back, 0, version);
    }
  }

  private answer(plan: readonly Micro[], snapshot: number): Micro[] {
    const own: Record<string, number[]> = { x: [], y: [] };
    return plan.map(([f, key, value]): Micro => {
      if (f !== 'r') own[key]!.push(value as number);
      return [f, key, f === 'r' ? this.read(key, snapshot, own[key]!) : value];
    });
  }

  private read(key: string, snapshot: number, own: readonly number[]): unknown {
    const { store, dialect } = this.small;
    const moment = store === 'stale' || store === 'chaos' ? this.draw(this.moment + 1) : snapshot;
    const wild = store === 'chaos' && this.draw(8) === 0;
    if (dialect === 'rw-register') {
      if (wild)
        return this.tried[key]!.length === 0 ? null : this.tried[key]![this.draw(this.tried[key]!.length)]!;
      return own.at(-1) ?? this.versions[key]!.filter((v) => v.moment <= moment).at(-1)?.value ?? null;
    }
    const seen = this.versions[key]!.filter((v) => v.moment <= moment).map((v) => v.value);
    const list = [...seen, ...own];
    if (wild && list.length > 1) list.reverse();
    if (wild && this.draw(4) === 0 && list.length > 0) list.push(list[0]!);
    return list;
  }
}
