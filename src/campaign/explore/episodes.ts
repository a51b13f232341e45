import type { NodeId } from '../../faults/fault.ts';
import { UNDOES } from '../../faults/repair.ts';
import type { ScriptedFault } from '../../spec/script.ts';

/** A fault and what undoes it. */
export type Episode = readonly [fault: ScriptedFault, ...repairs: readonly ScriptedFault[]];

/** The faults of a schedule, each with the first repair of each kind that concerns it. */
export function episodesOf(faults: readonly ScriptedFault[]): Episode[] {
  const taken = new Set<number>();
  return faults.flatMap((fault, i): Episode[] => {
    if (fault.kind in UNDOES) return [];
    const repairs: ScriptedFault[] = [];
    for (const [j, later] of faults.entries()) {
      if (j <= i || taken.has(j) || !isUndone(fault, later)) continue;
      if (repairs.some(({ kind }) => kind === later.kind)) continue;
      taken.add(j);
      repairs.push(later);
    }
    return [[fault, ...repairs]];
  });
}

function isUndone(fault: ScriptedFault, by: ScriptedFault): boolean {
  if (whom(fault) !== whom(by)) return false;
  // A process that its disk's errors may have ended is started again when they are over.
  if (by.kind === 'process/start' && fault.kind.startsWith('disk/')) return true;
  return UNDOES[by.kind]?.includes(fault.kind) ?? false;
}

/** The schedule of some episodes, in the order of its times. */
export function scheduleOf(episodes: readonly Episode[]): ScriptedFault[] {
  return episodes.flat().sort((a, b) => a.at - b.at);
}

/** Whom a fault befalls, as a text to compare. */
function whom(fault: ScriptedFault): string {
  if ('node' in fault) return fault.node;
  if ('grudge' in fault) return JSON.stringify(fault.grudge);
  return 'links' in fault ? JSON.stringify(fault.links) : '';
}

/** The fault with the names of two nodes exchanged. */
export function exchanged<F extends ScriptedFault>(fault: F, a: NodeId, b: NodeId): F {
  const other = (node: NodeId) => (node === a ? b : node === b ? a : node);
  if ('node' in fault) return { ...fault, node: other(fault.node) };
  if ('grudge' in fault && fault.grudge !== undefined) {
    const grudge = Object.entries(fault.grudge).map(([to, from]) => [other(to), from.map(other)] as const);
    return { ...fault, grudge: Object.fromEntries(grudge) };
  }
  if ('links' in fault && fault.links !== undefined)
    return { ...fault, links: fault.links.map(([from, to]) => [other(from), other(to)] as const) };
  return fault;
}
