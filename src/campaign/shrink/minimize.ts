/**
 * Of some candidates, each smaller than what there is, the first that still shows what is looked for; -1 if none does.
 * It may try several at once, but its answer must not depend on that.
 */
export type FirstThatShows<T> = (candidates: readonly T[]) => Promise<number>;

/**
 * A smallest part of a list that still shows something, by delta debugging (Zeller and Hildebrandt, Simplifying and
 * isolating failure-inducing input, 2002, figure 4, complements only): takes away halves, quarters ... single items, as
 * long as that helps. Nothing more can be left out of the result alone.
 */
export async function minimize<T>(
  items: readonly T[],
  firstThatShows: FirstThatShows<readonly T[]>,
): Promise<readonly T[]> {
  if (items.length === 0 || (await firstThatShows([[]])) === 0) return [];
  let left = items;
  let parts = 2;
  while (left.length > 1) {
    const cuts = cutsOf(left.length, parts);
    const found = await firstThatShows(cuts.map(([from, to]) => without(left, from, to)));
    if (found >= 0) {
      const [from, to] = cuts[found]!;
      left = without(left, from, to);
      parts = Math.max(2, Math.min(parts - 1, left.length));
    } else if (parts >= left.length) {
      return left;
    } else {
      parts = Math.min(left.length, parts * 2);
    }
  }
  return left;
}

/** The bounds of `parts` pieces of about the same size, the last first: what comes late is the likelier to be needless. */
function cutsOf(length: number, parts: number): [from: number, to: number][] {
  const bound = (i: number) => Math.floor((i * length) / parts);
  return Array.from({ length: parts }, (_, i): [number, number] => [bound(i), bound(i + 1)]).reverse();
}

function without<T>(items: readonly T[], from: number, to: number): readonly T[] {
  return [...items.slice(0, from), ...items.slice(to)];
}
