import { type Bits, countBits, covers, hasBit, NO_BITS, withBit, withoutBits } from '../bits.ts';
import { acknowledged, READ, type Transactions, WRITE } from './micro-operations.ts';
import { INITIAL, NONE, type ReadsFrom } from './reads-from.ts';
import type { Steps } from './steps.ts';
import { VersionReaders, type VersionReads } from './version-readers.ts';
import type { OlderWriters } from './witness.ts';

/** Ways in which the history so far can have gone that are kept at a time. */
const MOST_STATES = 1 << 16;

/** So many comparisons of states, as a power of two, count as one step. */
const COMPARISONS_A_STEP = 3;

/** A version that nobody has yet to read. */
const UNREAD = -3;

/** One way in which the history so far can have gone: who of those under way took effect, and what then holds. */
interface State {
  /** A bit for each of those under way, by its slot. */
  readonly taken: Bits;
  /** By key, the version that holds, where that is not the same in all ways. */
  readonly current: ReadonlyMap<number, number>;
}

/**
 * Whether the transactions can have taken effect one by one, each between its invocation and its completion (just-in-time
 * linearization, Lowe 2017): all ways in which the history can have gone are followed from completion to completion. As each version tells
 * by whom it will yet be read, few ways are left at any time. True, or the transaction that can't have been acknowledged, or
 * `undecided` when there were too many ways or steps.
 */
export function windowSearch(
  txns: Transactions,
  readsFrom: ReadsFrom,
  reads: VersionReads,
  older: OlderWriters,
  steps: Steps,
): true | { readonly stuck: readonly number[] } | 'undecided' {
  return new WindowSearch(txns, readsFrom, reads, older, steps).run();
}

class WindowSearch {
  private readonly txns: Transactions;
  private readonly readsFrom: ReadsFrom;
  private readonly older: OlderWriters;
  private readonly steps: Steps;
  private readonly readers: VersionReaders;
  /** Invoked and not in the past of every way. */
  private readonly open: number[] = [];
  /** The bit of each open transaction in the states, given to another once it is settled; -1 of those that aren't open. */
  private readonly slot: Int32Array;
  private readonly freeSlots: number[] = [];
  private slots = 0;
  private readonly settled: Uint8Array;
  private readonly base: Int32Array;
  private invoked = 0;

  constructor(
    txns: Transactions,
    readsFrom: ReadsFrom,
    reads: VersionReads,
    older: OlderWriters,
    steps: Steps,
  ) {
    this.txns = txns;
    this.readsFrom = readsFrom;
    this.older = older;
    this.steps = steps;
    this.readers = new VersionReaders(reads);
    this.slot = new Int32Array(txns.size).fill(-1);
    this.settled = new Uint8Array(txns.size);
    this.base = new Int32Array(txns.keyNames.length).fill(INITIAL);
  }

  run(): true | { readonly stuck: readonly number[] } | 'undecided' {
    let states: State[] = [{ taken: NO_BITS, current: new Map() }];
    for (const t of acknowledged(this.txns)) {
      this.openUntil(this.txns.complete[t]!);
      if (this.settled[t] === 1) continue;
      const next = this.afterTaking(t, states);
      if (next === 'undecided') return next;
      if (next.length === 0) return { stuck: this.open };
      states = this.settle(t, next);
    }
    return true;
  }

  private openUntil(event: number): void {
    const { size, invoke } = this.txns;
    for (; this.invoked < size && invoke[this.invoked]! < event; this.invoked++) {
      if (this.readsFrom.committed[this.invoked] !== 1) continue;
      this.open.push(this.invoked);
      this.slot[this.invoked] = this.freeSlots.pop() ?? this.slots++;
    }
  }

  /** All ways to go on from these until `t` has taken effect, no later than that. */
  private afterTaking(t: number, states: readonly State[]): State[] | 'undecided' {
    const found: State[] = [];
    /** By the versions that hold, whose transactions those are that took effect; whoever came less far is left out. */
    const seen = new Map<string, Bits[]>();
    let count = 0;
    const todo = [...states];
    for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
      if (count > MOST_STATES || this.steps.exhausted) return 'undecided';
      const { taken } = state;
      const others = listOf(seen, versionsOf(state));
      this.steps.spend(others.length >> COMPARISONS_A_STEP);
      if (others.some((other) => covers(other, taken))) continue;
      others.push(taken);
      count++;
      if (this.has(taken, t)) {
        found.push(state);
        continue;
      }
      const nexts = this.open.flatMap((u) =>
        this.has(taken, u) || !this.fits(u, state!) ? [] : [this.take(u, state!)],
      );
      // What changes nothing may as well be done at once.
      const harmless = nexts.find(({ current }) => this.isSame(current, state!.current));
      todo.push(...(harmless === undefined ? nexts : [harmless]));
    }
    return found;
  }

  private has(taken: Bits, t: number): boolean {
    const slot = this.slot[t]!;
    return slot >= 0 && hasBit(taken, slot);
  }

  private isSame(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): boolean {
    for (const [key, version] of a) if (version !== (b.get(key) ?? this.base[key])) return false;
    return true;
  }

  /** Whether a transaction can take effect now: it reads what holds, and overwrites nothing that is yet to be read. */
  private fits(t: number, state: State): boolean {
    const { firstOp, opKind, opKey } = this.txns;
    const { source } = this.readsFrom;
    this.steps.spend(1);
    for (let i = this.older.first[t]!; i < this.older.first[t + 1]!; i++) {
      const before = this.older.writers[i]!;
      if (this.settled[before] === 0 && !this.has(state.taken, before)) return false;
    }
    for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
      const key = opKey[o]!;
      const version = state.current.get(key) ?? this.base[key]!;
      if (opKind[o] === READ) {
        if (source[o] !== NONE && source[o] !== version) return false;
      } else if (
        version !== UNREAD &&
        this.readers.someWaiting(version, key, (u) => u === t || this.has(state.taken, u))
      )
        return false;
    }
    return true;
  }

  private take(t: number, state: State): State {
    const { firstOp, opKind, opKey } = this.txns;
    const taken = withBit(state.taken, this.slot[t]!);
    const current = new Map(state.current);
    for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) {
      const key = opKey[o]!;
      const version = opKind[o] === WRITE ? o : (current.get(key) ?? this.base[key]!);
      // Versions that nobody will read any more are all alike.
      const isRead = version !== UNREAD && this.readers.someWaiting(version, key, (u) => this.has(taken, u));
      current.set(key, isRead ? version : UNREAD);
    }
    return { taken, current };
  }

  /** Forgets what is the same in all ways: `t`, whoever else took effect in each, and what holds in each. */
  private settle(t: number, states: readonly State[]): State[] {
    const past = this.open.filter((u) => u === t || states.every(({ taken }) => this.has(taken, u)));
    const settled = past.map((u) => this.slot[u]!);
    this.freeSlots.push(...settled);
    for (const u of past) {
      this.settled[u] = 1;
      this.slot[u] = -1;
      this.open.splice(this.open.indexOf(u), 1);
      for (let o = this.txns.firstOp[u]!; o < this.txns.firstOp[u + 1]!; o++)
        if (this.txns.opKind[o] === READ) this.readers.serve(o);
    }
    const [first] = states;
    const agreed = new Set<number>();
    for (const [key, version] of first!.current) {
      if (!states.every(({ current }) => current.get(key) === version)) continue;
      this.base[key] = version;
      agreed.add(key);
    }
    const byVersions = new Map<string, State[]>();
    for (const state of states) {
      const left = {
        taken: withoutBits(state.taken, settled),
        current: new Map([...state.current].filter(([key]) => !agreed.has(key))),
      };
      listOf(byVersions, versionsOf(left)).push(left);
    }
    return [...byVersions.values()].flatMap(furthest);
  }
}

/** Where the same versions hold, who has come further has less to do. */
function furthest(states: readonly State[]): State[] {
  const out: State[] = [];
  for (const state of [...states].sort((a, b) => countBits(b.taken) - countBits(a.taken)))
    if (!out.some(({ taken }) => covers(taken, state.taken))) out.push(state);
  return out;
}

function versionsOf({ current }: State): string {
  return [...current].sort((a, b) => a[0] - b[0]).join();
}

function listOf<T>(lists: Map<string, T[]>, name: string): T[] {
  let found = lists.get(name);
  if (found === undefined) lists.set(name, (found = []));
  return found;
}
