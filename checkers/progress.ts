import type { History } from '../histories/history.ts';
import { FAIL, INVOKE, type Nanos, NEMESIS, OK } from '../histories/op.ts';
import type { Checker, Verdict } from './checker.ts';
import { type Deadline, livenessVerdict } from './deadline.ts';
import { count, describeOp, formatTime, formatValue } from './describe.ts';
import { faultsOf } from './fault-spans.ts';
import { goneForGood } from './faulty-nodes.ts';
import { healingOf } from './final-reads.ts';
import { Findings } from './findings.ts';
import { groupBy } from './operations.ts';

export interface ProgressOptions extends Deadline {
  /** Whether faults were to come; without any, a pass proves little then. */
  readonly faultsExpected?: boolean;
}

/** Refusals that answer a question about the data, as a success does: any other says that the system could not serve. */
const ANSWERS: ReadonlySet<string> = new Set([
  ...['mismatch', 'insufficient', 'empty', 'fenced', 'lease-over', 'not-held'],
  // A decision of atomic commitment is one also when it is to abort.
  ...['aborted', 'vote-no'],
  // A clock that is too wrong to be corrected, and says so: what RFC 5905 demands.
  'panic',
]);

/** Refusals because somebody else has what was asked for; they are answers as long as anybody ever gets it. */
const YIELDED: ReadonlySet<string> = new Set(['held']);

/** If so many tries in a row, and no other, had to yield, then nobody has his way. */
const MOST_YIELDS = 20;

/**
 * Progress: once every fault is over and the bound has passed, each operation that a client begins at a node that lives is
 * answered. *no-progress*: one was not, or all that were asked of a function and a key had to yield to others. While faults go on no
 * algorithm can promise that (Fischer, Lynch and Paterson 1985), so what begins before the bound has passed is only measured.
 */
export function progress(options: ProgressOptions): Checker {
  return {
    name: 'progress',
    about: 'every operation is answered that begins long enough after the last fault, at a node that lives',
    check: (history) => checkProgress(history, options),
  };
}

/** An operation that was begun after the last fault at a node that lives. */
interface Attempt {
  /** Index of its invocation. */
  readonly begin: number;
  readonly outcome: 'answered' | 'yielded' | 'unanswered';
}

function checkProgress(history: History, { within, tolerates, faultsExpected }: ProgressOptions): Verdict {
  const healing = healingOf(history);
  const over = healing.time ?? 0;
  const attempts = healing.faulty ? [] : attemptsAfter(history, healing.index);
  const due = attempts.filter(({ begin }) => history.time[begin]! >= over + within);
  const findings = new Findings(history);
  for (const { begin, outcome } of due)
    if (outcome === 'unanswered')
      findings.add(
        'no-progress',
        eventsOf(history, begin),
        () => silence(history, begin, over),
        history.key(begin),
      );
  for (const tries of groupBy(due, ({ begin }) =>
    JSON.stringify([history.fName(begin), history.key(begin)]),
  ).values())
    if (tries.length >= MOST_YIELDS && tries.every(({ outcome }) => outcome === 'yielded'))
      findings.add(
        'no-progress',
        [tries[0]!, tries.at(-1)!].flatMap(({ begin }) => eventsOf(history, begin)),
        () => starvation(history, tries, over),
        history.key(tries[0]!.begin),
      );

  const faults = faultsOf(history).spans.length;
  const late = attempts.filter(({ outcome }) => outcome === 'unanswered').at(-1);
  const vacuous = [];
  if (healing.faulty) vacuous.push('faults were injected and never healed, so no progress was due');
  else if (due.length === 0)
    vacuous.push(
      `no operation began later than ${formatTime(within)} after the last fault, when progress was due (--recovery, --settle)`,
    );
  if (faults === 0 && faultsExpected === true) vacuous.push('no fault came before progress was due');
  const counts = { due: due.length, faults };
  const verdict = findings.verdict('progress', { counts, vacuous });
  const took = late === undefined ? 0 : history.time[late.begin]! - over;
  const notes = attempts.length === 0 ? [] : [measured(attempts, took, faults)];
  const details = { recoveryTime: late === undefined ? 0 : took };
  return livenessVerdict(history, 'progress', { within, tolerates }, { ...verdict, notes, details });
}

function attemptsAfter(history: History, healed: number): Attempt[] {
  const gone = goneForGood(history);
  const out: Attempt[] = [];
  for (let begin = healed + 1; begin < history.length; begin++) {
    if (history.type[begin] !== INVOKE || history.process[begin] === NEMESIS) continue;
    if (nodesOf(history, begin).some((node) => gone.has(node))) continue;
    out.push({ begin, outcome: outcomeOf(history, begin) });
  }
  return out;
}

/** The node that was asked, and the one that it came to where that is another: clients may roam. */
function nodesOf(history: History, begin: number): string[] {
  const end = history.pair[begin]!;
  return [history.node(begin), end < 0 ? undefined : history.node(end)].filter((node) => node !== undefined);
}

function outcomeOf(history: History, begin: number): Attempt['outcome'] {
  const end = history.pair[begin]!;
  if (end < 0) return 'unanswered';
  if (history.type[end] === OK) return 'answered';
  const error = history.error(end) ?? '';
  if (history.type[end] === FAIL && ANSWERS.has(error)) return 'answered';
  return history.type[end] === FAIL && YIELDED.has(error) ? 'yielded' : 'unanswered';
}

function eventsOf(history: History, begin: number): number[] {
  const end = history.pair[begin]!;
  return [end < 0 ? begin : end];
}

function silence(history: History, begin: number, over: Nanos): string {
  const end = history.pair[begin]!;
  const why = end < 0 ? 'was never answered' : `had no success (${history.error(end) ?? 'unknown'})`;
  return (
    `${describeOp(history, begin)} ${why}, though it began ${formatTime(history.time[begin]! - over)} after the ` +
    'last fault was over and its node was up.'
  );
}

function starvation(history: History, tries: readonly Attempt[], over: Nanos): string {
  const { begin } = tries[0]!;
  const key = history.key(begin);
  const of = key === undefined ? '' : ` of ${formatValue(key)}`;
  return (
    `All of ${count(tries.length, `${history.fName(begin)} operation`)}${of} had to yield to others, from ` +
    `${describeOp(history, begin)} on, ${formatTime(history.time[begin]! - over)} after the last fault was over: nobody has his way.`
  );
}

function measured(attempts: readonly Attempt[], took: Nanos, faults: number): string {
  const before = faults === 0 ? '; no fault had come before' : '';
  const all = `of ${count(attempts.length, 'operation')} begun after the last fault`;
  const unanswered = attempts.filter(({ outcome }) => outcome === 'unanswered').length;
  if (unanswered === 0) return `each ${all} was answered${before}`;
  return `${unanswered} ${all} got no answer, the last begun ${formatTime(took)} after it${before}`;
}
