import { INITIAL, type Sessions } from '../causal/sessions.ts';
import type { WritesByKey } from '../causal/writes-by-key.ts';
import type { Budget } from '../checker.ts';
import { cyclicComponents, Edges, shortCycle } from '../digraph.ts';

/** Why `from` must come before `to` in any sequence that explains the reads. */
export interface Must {
  readonly from: number;
  readonly to: number;
  /**
   * `session`: session order; `read`: `to` read the value of `from`; `initial`: `from` saw no value; `overwritten`: `from`
   * comes before `read`, which returned the value of `to`; `read-first`: `from` read a value that `to` replaced.
   */
  readonly why: 'session' | 'read' | 'initial' | 'overwritten' | 'read-first';
  /** Of `overwritten` the read. */
  readonly read: number;
}

/** What must precede what: session order, reads-from, and these edges on top. */
export interface MustPrecede {
  readonly edges: Edges;
  /** The clock of each operation, a row of one entry a session: how many of its operations come before it or are it. */
  readonly clocks: Int32Array;
}

export type Saturation =
  | MustPrecede
  /** No sequence can explain the reads: each step must come before the next, around. */
  | { readonly cycle: readonly Must[] }
  | { readonly reason: string };

/** Whether operation `op` is the read of a cas, whose write is the next operation. */
export function isCasRead({ event, size }: Sessions, op: number): boolean {
  return op + 1 < size && event[op] === event[op + 1];
}

/**
 * The least relation that any sequence of all operations must keep: a write before a read of another write's value of the
 * key comes before that write; a read comes before the writes that follow its source; a read of the initial value before
 * every write. Nothing comes between the two halves of a cas. Repeats until nothing is new.
 */
export function mustPrecede(sessions: Sessions, writes: WritesByKey, budget: Budget): Saturation {
  const entries = sessions.size * sessions.count;
  if (entries > budget.bytes / 4) {
    return {
      reason: `the clocks of ${sessions.size} operations and ${sessions.count} sessions need more memory than the budget allows`,
    };
  }
  const saturator = new Saturator(sessions, writes, new Int32Array(entries));
  let steps = 0;
  for (;;) {
    steps += sessions.size + saturator.edges.count;
    if (steps > budget.steps)
      return { reason: 'the budget ran out while it was worked out what must precede what' };
    if (!saturator.computeClocks()) return { cycle: saturator.cycle() };
    if (!saturator.extend()) return { edges: saturator.edges, clocks: saturator.clocks };
  }
}

class Saturator {
  readonly edges = new Edges();
  readonly clocks: Int32Array;
  private readonly sessions: Sessions;
  private readonly writes: WritesByKey;
  private readonly why: Must['why'][] = [];
  private readonly read: number[] = [];

  constructor(sessions: Sessions, writes: WritesByKey, clocks: Int32Array) {
    this.sessions = sessions;
    this.writes = writes;
    this.clocks = clocks;
    const { size, key, writer } = sessions;
    const { keyStart, slotStart, writes: places } = writes;
    for (let op = 0; op < size; op++) {
      if (writer[op] !== INITIAL) continue;
      for (let slot = keyStart[key[op]!]!; slot < keyStart[key[op]! + 1]!; slot++) {
        this.add(op, places[slotStart[slot]!]!, 'initial', op);
      }
    }
  }

  /** False when the relation has a cycle. */
  computeClocks(): boolean {
    const { size, count, start, session, writer } = this.sessions;
    const { clocks } = this;
    const graph = this.edges.graph(size);
    const pending = new Int32Array(size);
    const readers = new Edges();
    for (let e = 0; e < graph.to.length; e++) pending[graph.to[e]!]!++;
    for (let op = 0; op < size; op++) {
      if (op > start[session[op]!]!) pending[op]!++;
      if (writer[op] === INITIAL || writer[op] === op) continue;
      pending[op]!++;
      readers.add(writer[op]!, op);
    }
    const reads = readers.graph(size);
    clocks.fill(0);
    const ready: number[] = [];
    for (let op = 0; op < size; op++) if (pending[op] === 0) ready.push(op);
    let done = 0;
    const pass = (from: number, to: number): void => {
      for (let s = 0; s < count; s++) {
        const entry = clocks[from * count + s]!;
        if (entry > clocks[to * count + s]!) clocks[to * count + s] = entry;
      }
      if (--pending[to]! === 0) ready.push(to);
    };
    for (let op = ready.pop(); op !== undefined; op = ready.pop()) {
      const s = session[op]!;
      done++;
      clocks[op * count + s] = op - start[s]! + 1;
      if (op + 1 < start[s + 1]!) pass(op, op + 1);
      for (let e = graph.first[op]!; e < graph.first[op + 1]!; e++) pass(op, graph.to[e]!);
      for (let e = reads.first[op]!; e < reads.first[op + 1]!; e++) pass(op, reads.to[e]!);
    }
    return done === size;
  }

  /** Adds what follows from the clocks; false when nothing does. */
  extend(): boolean {
    const { size, writer } = this.sessions;
    const before = this.edges.count;
    for (let op = 0; op < size; op++) {
      const write = writer[op]!;
      if (write === INITIAL || write === op) continue;
      const last = isCasRead(this.sessions, op) ? op + 1 : op;
      this.compare(op, last, write);
    }
    return this.edges.count > before;
  }

  /** `read` returned the value of `write`; `last` is the read, or the write of the cas that it is part of. */
  private compare(read: number, last: number, write: number): void {
    const { count, start, key } = this.sessions;
    const { keyStart, slotSession } = this.writes;
    const x = key[read]!;
    for (let slot = keyStart[x]!; slot < keyStart[x + 1]!; slot++) {
      const s = slotSession[slot]!;
      const known = this.clocks[last * count + s]!;
      const before = this.lastWrite(slot, start[s]! + known, last);
      if (before !== -1 && before !== write && !this.covers(write, before))
        this.add(before, write, 'overwritten', read);
      const after = this.firstAfter(slot, write);
      if (after !== -1 && after !== last && !this.covers(after, last))
        this.add(last, after, 'read-first', read);
    }
  }

  /** The last write in a slot below operation `bound` that isn't `except`, or -1. */
  private lastWrite(slot: number, bound: number, except: number): number {
    const { slotStart, writes } = this.writes;
    let low = slotStart[slot]!;
    let high = slotStart[slot + 1]!;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (writes[middle]! < bound) low = middle + 1;
      else high = middle;
    }
    if (low > slotStart[slot]! && writes[low - 1] === except) low--;
    return low === slotStart[slot] ? -1 : writes[low - 1]!;
  }

  /** The first write in a slot that `write` must precede, or -1. */
  private firstAfter(slot: number, write: number): number {
    const { slotStart, writes } = this.writes;
    let low = slotStart[slot]!;
    let high = slotStart[slot + 1]!;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.covers(writes[middle]!, write) && writes[middle] !== write) high = middle;
      else low = middle + 1;
    }
    return low === slotStart[slot + 1] ? -1 : writes[low]!;
  }

  private covers(b: number, a: number): boolean {
    const { session, start, count } = this.sessions;
    const s = session[a]!;
    return this.clocks[b * count + s]! > a - start[s]!;
  }

  private add(from: number, to: number, why: Must['why'], read: number): void {
    const e = this.edges.add(from, to);
    this.why[e] = why;
    this.read[e] = read;
  }

  /** A short cycle, session order for free. */
  cycle(): Must[] {
    const { size, session, writer } = this.sessions;
    const all = new Edges();
    for (let e = 0; e < this.edges.count; e++) all.add(this.edges.from[e]!, this.edges.to[e]!);
    for (let op = 0; op < size; op++) {
      if (op + 1 < size && session[op] === session[op + 1]) all.add(op, op + 1);
      if (writer[op] !== INITIAL && writer[op] !== op) all.add(writer[op]!, op);
    }
    const graph = all.graph(size);
    const isSession = (label: number): boolean =>
      label >= this.edges.count &&
      all.to[label] === all.from[label]! + 1 &&
      session[all.to[label]!] === session[all.from[label]!];
    const [component] = cyclicComponents(graph);
    const steps: Must[] = [];
    for (const edge of shortCycle(graph, component ?? [], (e) => isSession(graph.label[e]!))) {
      const label = graph.label[edge]!;
      const last = steps[steps.length - 1];
      const from = all.from[label]!;
      const to = all.to[label]!;
      const why = isSession(label) ? 'session' : (this.why[label] ?? 'read');
      if (why === 'session' && last?.why === 'session') steps[steps.length - 1] = { ...last, to };
      else steps.push({ from, to, why, read: this.read[label] ?? -1 });
    }
    const [first] = steps;
    const last = steps[steps.length - 1];
    if (steps.length < 2 || first?.why !== 'session' || last?.why !== 'session') return steps;
    return [{ ...first, from: last.from }, ...steps.slice(1, -1)];
  }
}
