import { MILLISECOND, type Nanos, SECOND } from '../../world/nanos.ts';
import type { ScriptedSpec } from './shrink.ts';

/** Gaps of the schedule that are tried to be made shorter, the longest first. */
const MOST_GAPS = 12;

/** A run goes on for this long after its last move, so that the move can have its effect. */
const AFTERMATH: Nanos = SECOND;

/** The same test, over soon after its last move. */
export function endedEarly(spec: ScriptedSpec): ScriptedSpec {
  const { operations, faults } = spec.script;
  const last = Math.max(0, ...operations.map(({ at }) => at), ...faults.map(({ at }) => at));
  const end = Math.ceil((last + AFTERMATH) / MILLISECOND) * MILLISECOND;
  return { ...spec, timeLimit: Math.min(spec.timeLimit, end) };
}

/** The same test, over as soon as everything is healed. */
export function withoutRecovery(spec: ScriptedSpec): ScriptedSpec[] {
  return spec.recovery === 0 ? [] : [{ ...spec, recovery: 0 }];
}

/** The same test with less quiet time before the final reads. */
export function settledLess(spec: ScriptedSpec): ScriptedSpec[] {
  return [0, SECOND].filter((settle) => settle < spec.settle).map((settle) => ({ ...spec, settle }));
}

/** The longest times in which nothing is begun, as the moments at which they end. */
export function longGaps({ script: { operations, faults } }: ScriptedSpec): Nanos[] {
  const times = [0, ...operations.map(({ at }) => at), ...faults.map(({ at }) => at)].sort((a, b) => a - b);
  return times
    .map((end, i) => ({ end, gap: end - (times[i - 1] ?? end) }))
    .filter(({ gap }) => gap > 100 * MILLISECOND)
    .sort((a, b) => b.gap - a.gap)
    .slice(0, MOST_GAPS)
    .map(({ end }) => end);
}

/** The same test with everything from a moment on brought forward. */
export function broughtForward(spec: ScriptedSpec, from: Nanos, by: Nanos): ScriptedSpec {
  const moved = <T extends { readonly at: Nanos }>(move: T): T =>
    move.at >= from ? { ...move, at: move.at - by } : move;
  const { operations, faults } = spec.script;
  return {
    ...spec,
    timeLimit: Math.ceil((spec.timeLimit - by) / MILLISECOND) * MILLISECOND,
    script: { ...spec.script, operations: operations.map(moved), faults: faults.map(moved) },
  };
}
