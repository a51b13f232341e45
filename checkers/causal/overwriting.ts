import { cyclicComponents, Edges, shortCycle } from '../digraph.ts';
import { INITIAL, type Sessions } from './sessions.ts';
import type { WritesByKey } from './writes-by-key.ts';

/** Where a session read a key and then wrote to it: pairs of the write that was read, and the session's next write. */
export interface Overwriting {
  readonly from: readonly number[];
  /** In order, as the pairs go from operation to operation. */
  readonly to: readonly number[];
  /** Of each write whether its session had read a value of its key before it. */
  readonly overwrites: Uint8Array;
  /** Of each write the first pair that leads to it, or -1; the others follow. */
  readonly firstPair: Int32Array;
}

export function overwritingOf({ count, start, size, key, writer }: Sessions): Overwriting {
  const from: number[] = [];
  const to: number[] = [];
  const overwrites = new Uint8Array(size);
  const firstPair = new Int32Array(size).fill(-1);
  for (let s = 0; s < count; s++) {
    /** By key: the values read since the session's last write to it; empty once it has written. */
    const read = new Map<number, Set<number>>();
    for (let op = start[s]!; op < start[s + 1]!; op++) {
      const x = key[op]!;
      const values = read.get(x);
      if (writer[op] !== op) {
        if (writer[op] === INITIAL) continue;
        if (values === undefined) read.set(x, new Set([writer[op]!]));
        else values.add(writer[op]!);
      } else if (values !== undefined) {
        overwrites[op] = 1;
        if (values.size > 0) firstPair[op] = from.length;
        for (const earlier of values) to[from.push(earlier) - 1] = op;
        values.clear();
      }
    }
  }
  return { from, to, overwrites, firstPair };
}

/** Writes to one key in a circle: each was read by the session that then wrote the next, or follows in one session. */
export function overwritingCycle(
  { slotOf, slotCount, slotStart, placeOf, writes }: WritesByKey,
  { from, to }: Overwriting,
): number[] | undefined {
  const edges = new Edges();
  for (let i = 0; i < from.length; i++) edges.add(placeOf[from[i]!]!, placeOf[to[i]!]!);
  for (let i = 1; i < writes.length; i++)
    if (slotOf[writes[i - 1]!] === slotOf[writes[i]!]) edges.add(i - 1, i);
  const graph = edges.graph(slotStart[slotCount]!);
  const [component] = cyclicComponents(graph);
  if (component === undefined) return undefined;
  return shortCycle(graph, component, () => false).map((edge) => writes[graph.to[edge]!]!);
}
