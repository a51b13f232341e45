import { cyclicComponents, Edges, shortCycle } from '../digraph.ts';
import { INITIAL, type Sessions } from './sessions.ts';
import type { WritesByKey } from './writes-by-key.ts';

/**
 * Where a session read a key and then wrote to it: pairs of the write that was read, and the session's next write to the
 * key. Writes go by their places in `WritesByKey.writes`.
 */
export interface Overwriting {
  readonly from: Int32Array;
  /** The pairs of one write stand together. */
  readonly to: Int32Array;
  /** Of each write the first pair that leads to it, or -1. */
  readonly firstPair: Int32Array;
  /** Of each write whether its session had read a value of its key before it. */
  readonly overwrites: Uint8Array;
}

export function overwritingOf(
  { count, start, key, writer }: Sessions,
  { placeOf, writes }: WritesByKey,
): Overwriting {
  const from: number[] = [];
  const to: number[] = [];
  const overwrites = new Uint8Array(writes.length);
  const firstPair = new Int32Array(writes.length).fill(-1);
  for (let s = 0; s < count; s++) {
    /** By key: the writes read since the session's last write to it; empty once it has written. */
    const read = new Map<number, Set<number>>();
    for (let op = start[s]!; op < start[s + 1]!; op++) {
      const x = key[op]!;
      const values = read.get(x);
      const place = placeOf[writer[op]!]!;
      if (writer[op] !== op) {
        if (writer[op] === INITIAL) continue;
        if (values === undefined) read.set(x, new Set([place]));
        else values.add(place);
      } else if (values !== undefined) {
        overwrites[place] = 1;
        if (values.size > 0) firstPair[place] = from.length;
        for (const earlier of values) to[from.push(earlier) - 1] = place;
        values.clear();
      }
    }
  }
  return { from: Int32Array.from(from), to: Int32Array.from(to), overwrites, firstPair };
}

/** Writes to one key in a circle: each was read by the session that then wrote the next, or follows in one session. */
export function overwritingCycle(
  { slotOf, writes }: WritesByKey,
  { from, to }: Overwriting,
): number[] | undefined {
  const edges = new Edges();
  for (let i = 0; i < from.length; i++) edges.add(from[i]!, to[i]!);
  for (let i = 1; i < writes.length; i++)
    if (slotOf[writes[i - 1]!] === slotOf[writes[i]!]) edges.add(i - 1, i);
  const graph = edges.graph(writes.length);
  const [component] = cyclicComponents(graph);
  if (component === undefined) return undefined;
  return shortCycle(graph, component, () => false).map((edge) => writes[graph.to[edge]!]!);
}
