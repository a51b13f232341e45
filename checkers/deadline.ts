import type { History } from '../histories/history.ts';
import type { Nanos } from '../histories/op.ts';
import type { Checker, CheckOptions, Verdict } from './checker.ts';
import { count, formatTime, list } from './describe.ts';
import { goneForGood } from './faulty-nodes.ts';
import { propertyOf } from './glossary/anomalies.ts';

/** By when something good must have happened. */
export interface Deadline {
  /** So long after the last fault, and the last change of what it is about, were over. */
  readonly within: Nanos;
  /** Nothing is demanded once more nodes than these have crashed for good; default: any number may. */
  readonly tolerates?: number | undefined;
}

/** For histories of which nothing better is known: what is read in the end is what there will ever be. */
export const AT_ONCE: Deadline = { within: 0 };

/** Why nothing can be said where all reads that would tell came before the deadline; empty where none did. */
export function tooEarly(early: number, { within }: Deadline, what: string): string[] {
  if (early === 0) return [];
  return [
    `${count(early, what)} came sooner than the ${formatTime(within)} that the system has from the end of all changes and ` +
      'faults on, and prove nothing about what was still to come (--settle)',
  ];
}

/**
 * A checker of both safety and liveness as two, each with a verdict of its own (Alpern and Schneider 1985): whether nothing
 * bad has happened, and whether the good has happened in time. The second is called by the property that is promised.
 */
export function apart(checker: Checker, property: string, deadline: Deadline): readonly [Checker, Checker] {
  const known = new WeakMap<History, Verdict>();
  const judged = (history: History, options: CheckOptions): Verdict => {
    const verdict = known.get(history) ?? checker.check(history, options);
    known.set(history, verdict);
    return verdict;
  };
  const safety: Checker = {
    name: checker.name === property ? `${property} (safety)` : checker.name,
    about: checker.about,
    check(history, options) {
      return { ...half(judged(history, options), 'safety'), checker: safety.name };
    },
    ...(checker.online === undefined ? {} : { online: () => checker.online!() }),
  };
  const liveness: Checker = {
    name: property,
    about: `${property} within ${formatTime(deadline.within)}`,
    check(history, options) {
      const { valid, anomalies, counts, vacuous, reason } = half(judged(history, options), 'liveness');
      return livenessVerdict(history, property, deadline, { valid, anomalies, counts, vacuous, reason });
    },
  };
  return [safety, liveness];
}

/** The verdict on a promise to do something in time. */
export function livenessVerdict(
  history: History,
  property: string,
  { within, tolerates }: Deadline,
  found: Omit<Verdict, 'checker'>,
): Verdict {
  const shared = { checker: property, property: 'liveness' as const };
  if (!isDemanded(history, tolerates))
    return {
      ...shared,
      valid: true,
      anomalies: [],
      counts: {},
      vacuous: [],
      notes: [fallenAway(history, tolerates!)],
    };
  const { notes = [], details } = found;
  const bound = within === 0 ? [] : [`promised within ${formatTime(within)} of the last fault and change`];
  return { ...found, ...shared, notes: [...bound, ...notes], details: { ...details, within } };
}

/** Whether no more nodes have crashed for good than the promise tolerates. */
export function isDemanded(history: History, tolerates: number | undefined): boolean {
  return tolerates === undefined || goneForGood(history).size <= tolerates;
}

function fallenAway(history: History, tolerates: number): string {
  const gone = list([...goneForGood(history)].sort());
  const nodes = tolerates === 0 ? 'a node has' : `${tolerates + 1} nodes have`;
  return `not promised where ${nodes} crashed for good, as ${gone} had`;
}

/** What a verdict says of one of the two. */
function half(verdict: Verdict, property: 'safety' | 'liveness'): Verdict {
  const anomalies = verdict.anomalies.filter(({ kind }) => propertyOf(kind) === property);
  const counts = Object.fromEntries(
    Object.entries(verdict.counts).filter(([kind]) => propertyOf(kind) === property),
  );
  const valid = verdict.valid === 'unknown' ? 'unknown' : anomalies.length === 0;
  return { ...verdict, valid, anomalies, counts };
}
