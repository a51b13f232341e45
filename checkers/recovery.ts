import type { History } from '../histories/history.ts';
import { INVOKE, type Nanos, NEMESIS, OK } from '../histories/op.ts';
import { type Phase, phaseAt } from './phases.ts';

/** How the system came back after a stretch of faults, one or several at a time. */
export interface Recovery {
  /** Kinds of the faults, sorted. */
  readonly faults: readonly string[];
  readonly begin: Nanos;
  /** When the last of them was repaired. */
  readonly end: Nanos;
  /** From `end` to the first success of an operation begun since; null when the quiet time ended first. */
  readonly firstSuccess: Nanos | null;
  /** From `end` until every node that ever answered had such a success; null when the quiet time ended first. */
  readonly everyNode: Nanos | null;
}

/**
 * Recoveries after each stretch of faults that was repaired, from the successes of operations that both began and ended
 * in the quiet time that follows. Clients ask at their own pace, so a recovery is seen no sooner than they ask.
 */
export function recoveriesOf(history: History, phases: readonly Phase[]): Recovery[] {
  const nodes = nodesThatAnswered(history);
  const first = firstSuccesses(history, phases);
  const out: Recovery[] = [];
  for (let p = 1; p < phases.length; p++) {
    if (phases[p]!.faults.length > 0) continue;
    let from = p;
    const kinds = new Set<string>();
    while (from > 0 && phases[from - 1]!.faults.length > 0) {
      from--;
      for (const kind of phases[from]!.faults) kinds.add(kind);
    }
    const end = phases[p]!.begin;
    const answers = first.get(p) ?? new Map<number, Nanos>();
    const times = [...answers.values()];
    out.push({
      faults: [...kinds].sort(),
      begin: phases[from]!.begin,
      end,
      firstSuccess: times.length === 0 ? null : Math.min(...times) - end,
      everyNode: answers.size < nodes.size || answers.size === 0 ? null : Math.max(...times) - end,
    });
  }
  return out;
}

/** Node numbers with at least one success; -1 stands for all where the history names no nodes. */
function nodesThatAnswered(history: History): Set<number> {
  const { node, type, process } = history.columns;
  const out = new Set<number>();
  for (let i = 0; i < history.length; i++) if (type[i] === OK && process[i] !== NEMESIS) out.add(node[i]!);
  return out;
}

/** Of each phase, by node, when an operation that began in it first succeeded within it. */
function firstSuccesses(history: History, phases: readonly Phase[]): Map<number, Map<number, Nanos>> {
  const { node, type, process, pair, time } = history.columns;
  const out = new Map<number, Map<number, Nanos>>();
  for (let i = 0; i < history.length; i++) {
    const done = pair[i]!;
    if (type[i] !== INVOKE || process[i] === NEMESIS || done < 0 || type[done] !== OK) continue;
    const p = phaseAt(phases, time[i]!);
    if (phaseAt(phases, time[done]!) !== p) continue;
    const answers = out.get(p) ?? new Map<number, Nanos>();
    out.set(p, answers);
    answers.set(node[done]!, Math.min(answers.get(node[done]!) ?? Number.POSITIVE_INFINITY, time[done]!));
  }
  return out;
}
