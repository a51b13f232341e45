import type { NodeId } from '../src/faults/fault.ts';
import type { RandomStream } from '../src/world/random.ts';
import { UsageError } from '../src/world/usage-error.ts';

/** Whom a fault can hit. `leader` is a node that believes it leads, or any node while none is known. */
export const TARGETS = ['one', 'leader', 'minority', 'majority', 'all'] as const;

/** The size of the smallest majority of `n` nodes. */
export function majority(n: number): number {
  return Math.floor(n / 2) + 1;
}

/** The size of the largest minority of `n` nodes: what a quorum system can lose. */
export function minority(n: number): number {
  return Math.floor((n - 1) / 2);
}

/** How many of `n` nodes such a target names. */
export function targetSize(target: string, n: number): number {
  if (target === 'minority') return minority(n);
  if (target === 'majority') return majority(n);
  return target === 'all' ? n : Math.min(1, n);
}

/** The nodes hit this time, drawn among `candidates`, of `n` nodes in all: fewer where candidates run out. */
export function drawTargets(
  target: string,
  n: number,
  candidates: readonly NodeId[],
  primaries: readonly NodeId[],
  random: RandomStream,
): NodeId[] {
  if (target === 'leader') {
    const leaders = candidates.filter((node) => primaries.includes(node));
    if (leaders.length > 0) return [random.pick(leaders)];
  }
  return random.shuffle(candidates).slice(0, targetSize(target, n));
}

/**
 * The choices that so many nodes are enough for. Throws a `UsageError` when that is none of them, so that a nemesis
 * with its defaults works on few nodes too, and one told to do only the impossible is refused.
 */
export function feasible(
  choices: readonly string[],
  nodes: number,
  needs: (choice: string) => number,
  where: string,
): string[] {
  const out = choices.filter((choice) => needs(choice) <= nodes);
  if (out.length > 0) return out;
  if (choices.length === 0) throw new UsageError(`${where} is empty; name at least one`);
  const least = Math.min(...choices.map(needs));
  const have = nodes === 1 ? 'there is 1' : `there are ${nodes}`;
  throw new UsageError(`${where}=${choices.join('+')} needs at least ${least} nodes and ${have}`);
}

/** The least number of nodes of which such a target names any. */
export function nodesForTarget(target: string): number {
  return target === 'minority' ? 3 : 1;
}
