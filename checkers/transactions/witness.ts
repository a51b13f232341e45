import { OK } from '../../histories/op.ts';
import type { Chains } from './chains.ts';
import { READ, type Transactions, WRITE } from './micro-operations.ts';
import type { Level } from './order-state.ts';
import { INITIAL, NONE, type ReadsFrom } from './reads-from.ts';
import type { Steps } from './steps.ts';
import { VersionReaders, type VersionReads } from './version-readers.ts';

/** Whether a transaction takes effect at one instant, or reads at one and writes at a later one. */
export type Mode = 'serial' | 'snapshot';

/** Transactions that stand in each other's way; perhaps, but not surely, a contradiction. */
export interface Deadlock {
  readonly txns: readonly number[];
}

/** Who is known to have written an older version of a key than each transaction: `first[t] <= i < first[t + 1]`. */
export interface OlderWriters {
  readonly first: Int32Array;
  readonly writers: Int32Array;
}

/** What stands in the way of a step. */
type Obstacle =
  /** `need` must be taken first; where it still has to read what the step overwrites, `kept` is who wrote that. */
  { readonly need: number; readonly kept: number } | Remedy;

/** Transaction `first` must come before `second`, as `causes` show. */
interface Remedy {
  readonly first: number;
  readonly second: number;
  readonly causes: readonly number[];
}

/** The step needed has nothing to read that must be kept, or that was there before any write. */
const NOTHING = -1;

/** So many transactions are looked at to tell whether one comes before another. */
const LOOK_BACK = 200;

/**
 * Looks for one order in which all committed transactions can have taken effect: in `serial` mode each at one instant, in
 * `snapshot` mode each reading at one instant and writing at a later one, with no other write of its keys in between
 * (which is snapshot isolation, Biswas and Enea 2019, section 4.3).
 *
 * Transactions take their steps on demand, in the order in which they were acknowledged. Before a step come those that
 * the history demands before it, the writers of what it reads, and all who still have to read what it overwrites. Where
 * that is impossible the step comes too late: it must precede the write of the version that is to be kept. This is noted,
 * all is undone back to that write, and the search goes on from there. So every order found is right; but giving up,
 * when the same trouble comes again, proves nothing by itself.
 */
export class WitnessSearch {
  private readonly txns: Transactions;
  private readonly readsFrom: ReadsFrom;
  private readonly sessions: Chains;
  private readonly level: Level;
  private readonly split: boolean;
  private readonly readers: VersionReaders;
  /** Steps are numbered as the transactions; in snapshot mode the reading ones `size` higher. */
  private readonly taken: Uint8Array;
  private readonly onPath: Uint8Array;
  private readonly order: number[] = [];
  /** By key the version that holds, and in snapshot mode the transaction that is between its steps and writes the key. */
  private readonly current: Int32Array;
  private readonly holder: Int32Array;
  /** By write the version that it replaced. */
  private readonly replaced: Int32Array;
  private readonly olderWriters: OlderWriters;
  /** The acknowledged transactions in the order of their completions. */
  private readonly deadlines: Int32Array;
  /** By transaction, those that were found to come before it, with what showed it. */
  private readonly learned = new Map<number, Map<number, readonly number[]>>();
  /** Reads that are passed over. */
  private readonly forgiven: Uint8Array;
  /** The deadline that is being met: nothing that began later can come before it. */
  private now = Number.POSITIVE_INFINITY;

  constructor(
    txns: Transactions,
    readsFrom: ReadsFrom,
    sessions: Chains,
    reads: VersionReads,
    olderWriters: OlderWriters,
    deadlines: Int32Array,
    level: Level,
    mode: Mode,
  ) {
    this.txns = txns;
    this.readsFrom = readsFrom;
    this.sessions = sessions;
    this.olderWriters = olderWriters;
    this.deadlines = deadlines;
    this.level = level;
    this.split = mode === 'snapshot';
    this.readers = new VersionReaders(reads);
    this.taken = new Uint8Array(txns.size * (this.split ? 2 : 1));
    this.onPath = new Uint8Array(this.taken.length);
    this.current = new Int32Array(txns.keyNames.length).fill(INITIAL);
    this.holder = new Int32Array(txns.keyNames.length).fill(-1);
    this.replaced = new Int32Array(txns.opKind.length);
    this.forgiven = new Uint8Array(txns.opKind.length);
  }

  /**
   * True when an order was found, `undecided` when the steps ran out. A deadlock is reported to `onDeadlock`; if that
   * returns true, the reads of those in it are passed over, and the search goes on.
   */
  run(steps: Steps, onDeadlock: (deadlock: Deadlock) => boolean): boolean | 'undecided' {
    const { txns } = this;
    const { deadlines } = this;
    const place = new Int32Array(txns.size);
    deadlines.forEach((t, i) => {
      place[t] = i;
    });
    let found = true;
    let lastStuck = -1;
    for (let i = 0; i < deadlines.length; ) {
      if (steps.exhausted) return 'undecided';
      const t = deadlines[i]!;
      if (this.taken[t] === 1) {
        i++;
        continue;
      }
      if (this.level.realtime) this.now = txns.complete[t]!;
      const outcome = this.take(t, steps);
      if ('txns' in outcome) {
        found = false;
        if (lastStuck === t || !onDeadlock(outcome)) return false;
        lastStuck = t;
        this.forgive(outcome.txns);
      } else for (const u of outcome) if (txns.status[u] === OK) i = Math.min(i, place[u]!);
    }
    return found;
  }

  /** Takes a step after all that must come first. Returns the transactions that were undone on the way, or a deadlock. */
  private take(goal: number, steps: Steps): number[] | Deadlock {
    const path = [goal];
    /** For each step of the path, who wrote what it must read before the one before it overwrites that. */
    const kept = [NOTHING];
    this.onPath[goal] = 1;
    while (path.length > 0) {
      const step = path[path.length - 1]!;
      steps.spend(1);
      const obstacle = this.taken[step] === 1 ? undefined : this.obstacle(step);
      if (obstacle === undefined) {
        if (this.taken[step] === 0) this.perform(step);
        this.onPath[step] = 0;
        path.pop();
        kept.pop();
        continue;
      }
      if ('need' in obstacle && this.onPath[obstacle.need] === 0 && this.begins(obstacle.need) <= this.now) {
        path.push(obstacle.need);
        kept.push(obstacle.kept);
        this.onPath[obstacle.need] = 1;
        continue;
      }
      for (const each of path) this.onPath[each] = 0;
      for (const remedy of this.remedies(path, kept, obstacle)) {
        const undone = this.resolve(remedy, steps);
        if (undone !== undefined) return undone;
      }
      const more =
        'need' in obstacle ? [obstacle.need] : [obstacle.first, obstacle.second, ...obstacle.causes];
      return this.deadlock([...path, ...more]);
    }
    return [];
  }

  /**
   * What may have to be otherwise for the last step of the path to be possible: where steps need each other in a circle,
   * or need one that comes too late, one of them overwrites too early what another still has to read.
   */
  private remedies(path: readonly number[], kept: readonly number[], obstacle: Obstacle): Remedy[] {
    if ('first' in obstacle) return [obstacle];
    const { size } = this.txns;
    const begin = Math.max(0, path.indexOf(obstacle.need));
    const causes = [obstacle.need, ...path.slice(begin)].map((step) => step % size);
    const out = [{ first: path[path.length - 1]! % size, second: obstacle.kept, causes }];
    for (let i = path.length - 1; i > begin; i--) {
      out.push({ first: path[i - 1]! % size, second: kept[i]!, causes });
    }
    return out;
  }

  private begins(step: number): number {
    return this.txns.invoke[step % this.txns.size]!;
  }

  private obstacle(step: number): Obstacle | undefined {
    const t = step % this.txns.size;
    if (this.split && step === t) {
      const reads = t + this.txns.size;
      return this.taken[reads] === 0 ? { need: reads, kept: NOTHING } : this.writeObstacle(t);
    }
    return (
      this.orderObstacle(t) ??
      this.learnedObstacle(t) ??
      this.readObstacle(t) ??
      (this.split ? this.holderObstacle(t) : this.writeObstacle(t))
    );
  }

  /** The previous transaction of the session. Real time is kept by the deadlines. */
  private orderObstacle(t: number): Obstacle | undefined {
    const before = this.level.session ? this.previous(t) : -1;
    return before < 0 || this.taken[before] === 1 ? undefined : { need: before, kept: NOTHING };
  }

  /** The transaction before this one in its session; -1 for none. */
  private previous(t: number): number {
    const { chain, place, first, members } = this.sessions;
    return place[t]! < 2 ? -1 : members[first[chain[t]!]! + place[t]! - 2]!;
  }

  private learnedObstacle(t: number): Obstacle | undefined {
    const { first, writers } = this.olderWriters;
    for (let i = first[t]!; i < first[t + 1]!; i++) {
      if (this.taken[writers[i]!] === 0) return { need: writers[i]!, kept: NOTHING };
    }
    for (const before of this.learned.get(t)?.keys() ?? []) {
      if (this.taken[before] === 0) return { need: before, kept: NOTHING };
    }
    return undefined;
  }

  private readObstacle(t: number): Obstacle | undefined {
    const { firstOp, opTxn, opKey, opKind } = this.txns;
    const { source } = this.readsFrom;
    for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
      if (opKind[o] !== READ || source[o]! < 0 || this.forgiven[o] === 1) continue;
      const writer = opTxn[source[o]!]!;
      if (this.taken[writer] === 0) return { need: writer, kept: NOTHING };
    }
    for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
      if (opKind[o] !== READ || source[o] === NONE || this.forgiven[o] === 1) continue;
      const now = this.current[opKey[o]!]!;
      // What holds came after what is to be read, so it must come before it.
      if (now === source[o]) continue;
      return {
        first: opTxn[now]!,
        second: source[o] === INITIAL ? NOTHING : opTxn[source[o]!]!,
        causes: [t],
      };
    }
    return undefined;
  }

  /** Another transaction between its two steps that writes one of the keys. */
  private holderObstacle(t: number): Obstacle | undefined {
    const { firstOp, opKey, opKind } = this.txns;
    for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
      const holder = opKind[o] === WRITE ? this.holder[opKey[o]!]! : -1;
      if (holder < 0) continue;
      // If the other one waits for this one, this one must come first altogether.
      return this.onPath[holder] === 1
        ? { first: t, second: holder, causes: [t] }
        : { need: holder, kept: NOTHING };
    }
    return undefined;
  }

  /** Somebody who has yet to read what transaction `t` overwrites. */
  private writeObstacle(t: number): Obstacle | undefined {
    const { size, firstOp, opTxn, opKey, opKind } = this.txns;
    for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
      if (opKind[o] !== WRITE) continue;
      const version = this.current[opKey[o]!]!;
      const reader = this.readers.waiting(version, opKey[o]!, t);
      if (reader < 0) continue;
      const kept = version === INITIAL ? NOTHING : opTxn[version]!;
      return { need: this.split ? reader + size : reader, kept };
    }
    return undefined;
  }

  private perform(step: number): void {
    const { size, firstOp, opKind, opKey } = this.txns;
    const t = step % size;
    this.taken[step] = 1;
    this.order.push(step);
    for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
      const key = opKey[o]!;
      if (opKind[o] === READ) {
        if (step >= size || !this.split) this.readers.serve(o);
      } else if (step >= size) this.holder[key] = t;
      else {
        this.replaced[o] = this.current[key]!;
        this.current[key] = o;
        this.holder[key] = -1;
      }
    }
  }

  private undo(step: number): void {
    const { size, firstOp, opKind, opKey } = this.txns;
    const t = step % size;
    this.taken[step] = 0;
    for (let o = firstOp[t + 1]! - 1; o >= firstOp[t]!; o--) {
      const key = opKey[o]!;
      if (opKind[o] === READ) {
        if ((step >= size || !this.split) && this.forgiven[o] === 0) this.readers.unserve(o);
      } else if (step >= size) this.holder[key] = -1;
      else {
        this.current[key] = this.replaced[o]!;
        if (this.split) this.holder[key] = t;
      }
    }
  }

  /** Notes that `first` comes before `second`, and goes back to before that one; undefined when that can't help. */
  private resolve({ first, second, causes }: Remedy, steps: Steps): number[] | undefined {
    if (second === NOTHING || this.mustFollow(first, second)) return undefined;
    const before = this.learned.get(second) ?? new Map<number, readonly number[]>();
    if (before.has(first)) return undefined;
    this.learned.set(second, before.set(first, causes));
    const earliest = this.split ? second + this.txns.size : second;
    const undone: number[] = [];
    while (this.taken[earliest] === 1) {
      const step = this.order.pop()!;
      this.undo(step);
      undone.push(step % this.txns.size);
      steps.spend(1);
    }
    return undone;
  }

  /** Whether `t` surely comes after `other`, as far as looking at a few transactions before it tells. */
  private mustFollow(t: number, other: number): boolean {
    const { txns } = this;
    const seen = new Set<number>();
    const open = [t];
    for (let v = open.pop(); v !== undefined; v = open.pop()) {
      if (v === other) return true;
      if (seen.has(v)) continue;
      if (seen.size === LOOK_BACK) return false;
      seen.add(v);
      if (this.level.realtime) {
        if (txns.status[other] === OK && txns.complete[other]! < txns.invoke[v]!) return true;
        if (txns.status[v] === OK && txns.complete[v]! < txns.invoke[other]!) continue;
      }
      this.eachBefore(v, (before) => open.push(before));
    }
    return false;
  }

  /** Those that are known to come before a transaction by what it read, by its session and by what was learned. */
  private eachBefore(t: number, visit: (before: number) => void): void {
    const { firstOp, opTxn } = this.txns;
    const { source } = this.readsFrom;
    for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
      if (source[o]! >= 0 && this.forgiven[o] === 0 && opTxn[source[o]!] !== t) visit(opTxn[source[o]!]!);
    }
    const previous = this.level.session ? this.previous(t) : -1;
    if (previous >= 0) visit(previous);
    const { first, writers } = this.olderWriters;
    for (let i = first[t]!; i < first[t + 1]!; i++) visit(writers[i]!);
    for (const before of this.learned.get(t)?.keys() ?? []) visit(before);
  }

  /** All that stand in each other's way: those on the path, what they read from, and what was learned about them. */
  private deadlock(steps: readonly number[]): Deadlock {
    const { txns, readsFrom } = this;
    const members = new Set<number>();
    const open = steps.filter((step) => step >= 0).map((step) => step % txns.size);
    for (let t = open.pop(); t !== undefined; t = open.pop()) {
      if (members.has(t)) continue;
      members.add(t);
      for (const [before, causes] of this.learned.get(t) ?? []) open.push(before, ...causes);
    }
    for (const t of [...members]) {
      for (let o = txns.firstOp[t]!; o < txns.firstOp[t + 1]!; o++) {
        if (readsFrom.source[o]! >= 0) members.add(txns.opTxn[readsFrom.source[o]!]!);
      }
    }
    return { txns: [...members] };
  }

  /** Passes over what these transactions read, and over what was learned from it. */
  private forgive(members: readonly number[]): void {
    for (const t of members) {
      for (let o = this.txns.firstOp[t]!; o < this.txns.firstOp[t + 1]!; o++) {
        if (this.readsFrom.source[o] === NONE || this.forgiven[o] === 1) continue;
        this.forgiven[o] = 1;
        this.readers.serve(o);
      }
    }
    const forgiven = new Set(members);
    for (const before of this.learned.values()) {
      for (const [first, causes] of before) if (causes.some((t) => forgiven.has(t))) before.delete(first);
    }
  }
}
