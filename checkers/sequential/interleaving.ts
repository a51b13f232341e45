import { INITIAL, type Sessions } from '../causal/sessions.ts';
import type { WritesByKey } from '../causal/writes-by-key.ts';
import type { Budget } from '../checker.ts';
import type { Digraph } from '../digraph.ts';
import { isCasRead, type MustPrecede } from './must-precede.ts';

export type Interleaving =
  | 'found'
  /** There is none; the next operations of the sessions where the longest attempt got stuck. */
  | { readonly stuckAt: readonly number[]; readonly longest: number }
  | { readonly reason: string };

/** Bytes that one remembered state takes besides two for each two sessions' places. */
const STATE_BYTES = 80;

/**
 * Looks for one sequence of all operations that keeps each session's order and explains every read: depth-first over how
 * far each session has come. That alone is the state: a value that is still to be read can't be overwritten, and of values
 * that nobody will read any more it does not matter which one is held. Taken without a choice: a read that fits, a write
 * that nobody reads, and a write that all other writes to its key that are left must follow.
 */
export function findInterleaving(
  sessions: Sessions,
  writes: WritesByKey,
  must: MustPrecede,
  budget: Budget,
): Interleaving {
  return new Search(sessions, writes, must).run(budget);
}

class Search {
  private readonly sessions: Sessions;
  private readonly writes: WritesByKey;
  private readonly clocks: Int32Array;
  private readonly successors: Digraph;
  /** Of each operation, how many of the extra edges to it begin at operations not taken yet. */
  private readonly blockers: Int32Array;
  /** Of each write, how many reads of its value are left. */
  private readonly readersLeft: Int32Array;
  /** By key: the write whose value it holds. */
  private readonly held: Int32Array;
  private readonly next: Int32Array;
  /** Operations taken, and beside them what their keys held before. */
  private readonly trail: number[] = [];
  private readonly heldBefore: number[] = [];
  private steps = 0;
  private longest = -1;
  private stuckAt: number[] = [];

  constructor(sessions: Sessions, writes: WritesByKey, must: MustPrecede) {
    const { size, count, start, writer, keys } = sessions;
    this.sessions = sessions;
    this.writes = writes;
    this.clocks = must.clocks;
    this.successors = must.edges.graph(size);
    this.blockers = new Int32Array(size);
    for (const to of this.successors.to) this.blockers[to]!++;
    this.readersLeft = new Int32Array(size);
    for (let op = 0; op < size; op++)
      if (writer[op] !== INITIAL && writer[op] !== op) this.readersLeft[writer[op]!]!++;
    this.held = new Int32Array(keys).fill(INITIAL);
    this.next = start.slice(0, count);
  }

  run(budget: Budget): Interleaving {
    const { size, count } = this.sessions;
    const seen = new Set<string>();
    const maxStates = budget.bytes / (STATE_BYTES + 4 * count);
    const stack: { readonly depth: number; readonly choices: number[] }[] = [];
    for (;;) {
      this.takeForced();
      if (this.trail.length === size) return 'found';
      if (this.steps > budget.steps || seen.size > maxStates) return { reason: this.outOfBudget() };
      this.noteProgress();
      const state = this.state();
      const choices = seen.has(state) ? [] : this.choices();
      seen.add(state);
      stack.push({ depth: this.trail.length, choices });
      for (;;) {
        const top = stack[stack.length - 1];
        if (top === undefined) return { stuckAt: this.stuckAt, longest: this.longest };
        this.undo(top.depth);
        const choice = top.choices.pop();
        if (choice !== undefined) {
          this.take(choice);
          break;
        }
        stack.pop();
      }
    }
  }

  private outOfBudget(): string {
    return (
      `the search ran out of its budget after ${this.steps} steps: the longest sequence that it found ` +
      `explains ${this.longest} of ${this.sessions.size} operations`
    );
  }

  private noteProgress(): void {
    if (this.trail.length <= this.longest) return;
    const { count, start } = this.sessions;
    this.longest = this.trail.length;
    this.stuckAt = [];
    for (let s = 0; s < count; s++) if (this.next[s]! < start[s + 1]!) this.stuckAt.push(this.next[s]!);
  }

  private state(): string {
    let out = '';
    for (let s = 0; s < this.sessions.count; s++) {
      const place = this.next[s]! - this.sessions.start[s]!;
      out += String.fromCharCode(place & 0xffff, place >>> 16);
    }
    return out;
  }

  private takeForced(): void {
    const { count, start } = this.sessions;
    for (let grown = true; grown; ) {
      grown = false;
      for (let s = 0; s < count; s++) {
        while (this.next[s]! < start[s + 1]! && this.isForced(this.next[s]!)) {
          this.take(this.next[s]!);
          grown = true;
        }
      }
    }
  }

  /** Writes that could come now, the one begun first at the end. */
  private choices(): number[] {
    const { count, start, event } = this.sessions;
    const out: number[] = [];
    for (let s = 0; s < count; s++) {
      const op = this.next[s]!;
      if (op < start[s + 1]! && this.isPossible(op)) out.push(op);
    }
    return out.sort((a, b) => event[b]! - event[a]!);
  }

  private isPossible(op: number): boolean {
    const { key, writer } = this.sessions;
    this.steps++;
    if (this.blockers[op] !== 0) return false;
    const held = this.held[key[op]!]!;
    // The edges keep the reads of the initial value before every write.
    if (writer[op] === op) return held === INITIAL || this.readersLeft[held] === 0;
    if (held !== writer[op]) return false;
    return (
      !isCasRead(this.sessions, op) ||
      (this.blockers[op + 1] === 0 && (held === INITIAL || this.readersLeft[held] === 1))
    );
  }

  /** Whether taking `op` now loses nothing. */
  private isForced(op: number): boolean {
    const { writer, key, start } = this.sessions;
    if (!this.isPossible(op)) return false;
    if (writer[op] !== op || this.readersLeft[op] === 0) return true;
    const { keyStart, slotSession } = this.writes;
    for (let slot = keyStart[key[op]!]!; slot < keyStart[key[op]! + 1]!; slot++) {
      const s = slotSession[slot]!;
      const other = this.nextWrite(slot, this.next[s]!);
      this.steps++;
      if (other !== -1 && other !== op && !this.follows(other, op, start)) return false;
    }
    return true;
  }

  private follows(b: number, a: number, start: Int32Array): boolean {
    const s = this.sessions.session[a]!;
    return this.clocks[b * this.sessions.count + s]! > a - start[s]!;
  }

  /** The first write in a slot from operation `from` on, or -1. */
  private nextWrite(slot: number, from: number): number {
    const { slotStart, writes } = this.writes;
    let low = slotStart[slot]!;
    let high = slotStart[slot + 1]!;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (writes[middle]! < from) low = middle + 1;
      else high = middle;
    }
    return low === slotStart[slot + 1] ? -1 : writes[low]!;
  }

  /** Takes `op`, and the write with it when it is the read of a cas. */
  private take(op: number): void {
    this.takeOne(op);
    if (this.sessions.writer[op] !== op && isCasRead(this.sessions, op)) this.takeOne(op + 1);
  }

  private takeOne(op: number): void {
    const { session, key, writer } = this.sessions;
    const x = key[op]!;
    this.trail.push(op);
    this.heldBefore.push(this.held[x]!);
    this.next[session[op]!] = op + 1;
    if (writer[op] === op) this.held[x] = op;
    else if (writer[op] !== INITIAL) this.readersLeft[writer[op]!]!--;
    for (let e = this.successors.first[op]!; e < this.successors.first[op + 1]!; e++)
      this.blockers[this.successors.to[e]!]!--;
  }

  private undo(depth: number): void {
    const { session, key, writer } = this.sessions;
    while (this.trail.length > depth) {
      const op = this.trail.pop()!;
      this.held[key[op]!] = this.heldBefore.pop()!;
      this.next[session[op]!] = op;
      if (writer[op] !== op && writer[op] !== INITIAL) this.readersLeft[writer[op]!]!++;
      for (let e = this.successors.first[op]!; e < this.successors.first[op + 1]!; e++)
        this.blockers[this.successors.to[e]!]!++;
    }
  }
}
