import type { OpenKey, OrderProblem } from './order-problem.ts';
import { Relation } from './relation.ts';

/** Which orders besides the dependencies count. */
export interface Level {
  readonly session: boolean;
  readonly realtime: boolean;
}

/** Why one version of a key is taken to be older than another. */
export type Ground = 'known' | 'assumed' | 'forced' | 'transitive';

export interface Decision {
  /** Place in the problem's list of keys, and two places in the key's list of writers. */
  readonly key: number;
  readonly before: number;
  readonly after: number;
  readonly ground: Ground;
}

/** What follows from the version orders decided so far. */
export class OrderState {
  readonly problem: OrderProblem;
  readonly level: Level;
  /** Reads-from and the orders of the level, as given. */
  readonly given: Relation;
  /** `given` and the version orders, closed: everything but anti-dependencies. */
  readonly depends: Relation;
  readonly versions: Relation;
  /** From each reader to all writers of later versions. */
  readonly missed: Relation;
  readonly trail: Decision[];
  /** By key, a square of the writers: 1 where the one of the row is older than the one of the column. */
  private readonly older: readonly Uint8Array[];

  private constructor(problem: OrderProblem, level: Level, from?: OrderState) {
    const size = problem.nodes.length;
    this.problem = problem;
    this.level = level;
    this.given = from?.given ?? new Relation(size);
    this.depends = from?.depends.clone() ?? new Relation(size);
    this.versions = from?.versions.clone() ?? new Relation(size);
    this.missed = from?.missed.clone() ?? new Relation(size);
    this.trail = from?.trail.slice() ?? [];
    this.older =
      from?.older.map((square) => square.slice()) ??
      problem.keys.map(({ writers }) => new Uint8Array(writers.length ** 2));
  }

  static begin(problem: OrderProblem, level: Level): OrderState {
    const state = new OrderState(problem, level);
    const { given, depends, missed } = state;
    for (const { from, to } of problem.readsFrom) given.add(from, to);
    for (let a = 0; a < given.size; a++) {
      for (let b = 0; b < given.size; b++) {
        if (level.session && problem.inSession(a, b)) given.add(a, b);
        if (level.realtime && problem.inRealTime(a, b)) given.add(a, b);
      }
    }
    depends.bits.set(given.bits);
    depends.close();
    for (const { writers, initialReaders } of problem.keys) {
      for (const { txn } of initialReaders) for (const w of writers) if (w !== txn) missed.add(txn, w);
    }
    problem.known.forEach((pairs, key) => {
      for (const [before, after] of pairs) state.decide(key, before, after, 'known');
    });
    return state;
  }

  clone(): OrderState {
    return new OrderState(this.problem, this.level, this);
  }

  isOlder(key: number, a: number, b: number): boolean {
    return this.older[key]![a * this.writers(key) + b] === 1;
  }

  isDecided(key: number, a: number, b: number): boolean {
    return this.isOlder(key, a, b) || this.isOlder(key, b, a);
  }

  /** Puts the version of one writer before that of another, and what follows by transitivity. */
  decide(key: number, before: number, after: number, ground: Ground): void {
    if (this.isOlder(key, before, after)) return;
    this.put(key, before, after, ground);
    const count = this.writers(key);
    for (let p = 0; p < count; p++) {
      if (p !== before && !this.isOlder(key, p, before)) continue;
      for (let q = 0; q < count; q++) {
        if (q !== after && !this.isOlder(key, after, q)) continue;
        if (p !== q && !this.isOlder(key, p, q)) this.put(key, p, q, 'transitive');
      }
    }
  }

  /** Calls `visit` for each pair of writers of a key whose order is open. */
  eachOpen(visit: (key: number, a: number, b: number) => void): void {
    for (let key = 0; key < this.problem.keys.length; key++) {
      const count = this.writers(key);
      for (let a = 0; a < count; a++) {
        for (let b = a + 1; b < count; b++) if (!this.isDecided(key, a, b)) visit(key, a, b);
      }
    }
  }

  private put(key: number, before: number, after: number, ground: Ground): void {
    const { writers, readers }: OpenKey = this.problem.keys[key]!;
    const [a, b] = [writers[before]!, writers[after]!];
    this.older[key]![before * writers.length + after] = 1;
    this.trail.push({ key, before, after, ground });
    this.versions.add(a, b);
    this.depends.addClosed(a, b);
    for (const { txn } of readers[before]!) if (txn !== b) this.missed.add(txn, b);
  }

  private writers(key: number): number {
    return this.problem.keys[key]!.writers.length;
  }
}
