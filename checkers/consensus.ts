import type { History } from '../histories/history.ts';
import type { Key } from '../histories/op.ts';
import type { Checker, OnlineChecker, Verdict } from './checker.ts';
import { AT_ONCE, type Deadline, tooEarly } from './deadline.ts';
import { count, describeOp, formatValue, list } from './describe.ts';
import { goneForGood } from './faulty-nodes.ts';
import { healingOf, placeOf } from './final-reads.ts';
import { Findings } from './findings.ts';
import { identity } from './identity.ts';
import { Rechecking } from './online.ts';
import { groupBy, type Operation, operationsByKey } from './operations.ts';

export interface ConsensusOptions {
  /**
   * By when a node must answer. Default never, as no finite history proves that it never would have: then what stayed
   * undecided is only a warning.
   */
  readonly termination?: Deadline;
}

/**
 * Consensus on one value for each key (Chandra and Toueg, Unreliable failure detectors, 1996, uniform consensus).
 * Operations: `propose` (value: the proposed value; completion value: the decided one; key: which decision).
 *
 * *agreement*: two nodes decided different values. *integrity*: one node decided twice, and differently. *validity*: a
 * node decided what nobody had proposed by then; a proposal that failed counts for nothing. *termination*: a node was
 * asked after the last healing, and gave no decision. Where the history names no nodes, each process counts as one.
 */
export function consensus(options: ConsensusOptions = {}): Checker {
  const { termination } = options;
  return {
    name: 'consensus',
    about: 'consensus: one decision for each key, the same everywhere, and somebody proposed it',
    check: (history) => checkConsensus(history, termination),
    // Who has not answered yet may still do so.
    ...(termination === undefined ? { online: rechecked } : {}),
  };
}

function rechecked(this: Checker): OnlineChecker {
  return new Rechecking(this, 'key');
}

function checkConsensus(history: History, termination: Deadline | undefined): Verdict {
  const findings = new Findings(history);
  const healing = healingOf(history);
  const due = (healing.time ?? 0) + (termination ?? AT_ONCE).within;
  const gone = goneForGood(history);
  let early = 0;
  const counts = { decisions: 0, contested: 0, proposals: 0, answers: 0, undecided: 0 };
  for (const [, ops] of operationsByKey(history, ['propose'])) {
    counts.proposals += ops.length;
    const answers = ops.filter((op) => op.outcome === 'ok').sort((a, b) => a.end - b.end);
    counts.answers += answers.length;
    if (answers.length > 0) counts.decisions++;
    if (new Set(ops.map((op) => identity(op.argument))).size > 1) counts.contested++;
    reportDisagreement(history, findings, answers);
    reportRelapses(history, findings, answers);
    reportUnproposed(history, findings, ops, answers);
    const after = ops.filter((op) => !healing.faulty && op.begin > healing.index);
    for (const [node, attempts] of groupBy(after, placeOf)) {
      if (gone.has(node)) continue;
      if (attempts.some((op) => op.outcome === 'ok' || history.pair[op.begin]! < 0)) continue;
      counts.undecided++;
      if (!attempts.some((op) => op.startTime >= due)) early++;
      else if (termination !== undefined) reportSilence(history, findings, attempts);
    }
  }
  const vacuous = [
    ...whyVacuous(counts, termination !== undefined),
    ...tooEarly(early, termination ?? AT_ONCE, 'last proposal'),
  ];
  return findings.verdict('consensus', { counts, vacuous });
}

function whyVacuous(
  { proposals, decisions, contested, undecided }: Readonly<Record<string, number>>,
  termination: boolean,
): string[] {
  if (proposals === 0) return ['no proposal'];
  if (decisions === 0) return ['nothing was ever decided'];
  const out: string[] = [];
  if (contested === 0) out.push('no two proposals for the same key differed');
  if (undecided! > 0 && !termination)
    out.push(`${count(undecided!, 'time')} a node gave no decision though every fault was over`);
  return out;
}

/** For each value but the first that was decided: two nodes, one of which decided the one and one the other. */
function reportDisagreement(history: History, findings: Findings, answers: readonly Operation[]): void {
  const [decided, ...others] = [...groupBy(answers, (op) => identity(op.result)).values()];
  for (const rivals of others) {
    const pair = onTwoNodes(decided!, rivals);
    if (pair === undefined) continue;
    const say = () => {
      const [a, b] = pair.map((op) => `${formatValue(op.result)} on ${placeOf(op)}`);
      return `Two values were decided${forKey(pair[0].key)}, ${a} and ${b}: ${both(history, pair)}.`;
    };
    findings.add('agreement', eventsOf(pair), say, pair[0].key);
  }
}

function onTwoNodes(as: readonly Operation[], bs: readonly Operation[]): [Operation, Operation] | undefined {
  const a = as[0]!;
  const b = bs[0]!;
  const elsewhere = (op: Operation) => placeOf(op) !== placeOf(a);
  const otherB = bs.find(elsewhere);
  if (otherB !== undefined) return [a, otherB];
  const otherA = as.find(elsewhere);
  return otherA === undefined ? undefined : [otherA, b];
}

/** For each node, each value that it decided after another. */
function reportRelapses(history: History, findings: Findings, answers: readonly Operation[]): void {
  for (const [node, own] of groupBy(answers, placeOf)) {
    const [first, ...others] = [...groupBy(own, (op) => identity(op.result)).values()];
    for (const other of others) {
      const pair = [first![0]!, other[0]!] as const;
      const say = () =>
        `${node} decided twice${forKey(pair[0].key)}, first ${formatValue(pair[0].result)} and then ` +
        `${formatValue(pair[1].result)}: ${both(history, pair)}.`;
      findings.add('integrity', eventsOf(pair), say, pair[0].key);
    }
  }
}

function reportUnproposed(
  history: History,
  findings: Findings,
  proposals: readonly Operation[],
  answers: readonly Operation[],
): void {
  const byValue = groupBy(proposals, (op) => identity(op.argument));
  const reported = new Set<unknown>();
  for (const answer of answers) {
    const id = identity(answer.result);
    const same = byValue.get(id) ?? [];
    if (reported.has(id) || same.some((op) => op.outcome !== 'fail' && op.begin < answer.end)) continue;
    reported.add(id);
    const rival = same[0];
    const say = () => {
      const sight = `${describeOp(history, answer.event)} decided ${formatValue(answer.result)}, `;
      if (rival === undefined) return `${sight}which nobody proposed.`;
      const why = rival.outcome === 'fail' ? 'surely had no effect' : 'began only later';
      return `${sight}though ${describeOp(history, rival.event)} ${why}.`;
    };
    findings.add('validity', eventsOf(rival === undefined ? [answer] : [rival, answer]), say, answer.key);
  }
}

function reportSilence(history: History, findings: Findings, attempts: readonly Operation[]): void {
  const last = attempts[attempts.length - 1]!;
  const say = () =>
    `Every fault was over, yet none of ${count(attempts.length, 'proposal')} on ${placeOf(last)} was answered ` +
    `with a decision${forKey(last.key)}; the last was ${describeOp(history, last.event)}.`;
  findings.add('termination', [last.event], say, last.key);
}

function both(history: History, pair: readonly Operation[]): string {
  return list(pair.map((op) => describeOp(history, op.event)));
}

function eventsOf(ops: readonly Operation[]): number[] {
  return ops.map((op) => op.event);
}

function forKey(key: Key | undefined): string {
  return key === undefined ? '' : ` for key ${formatValue(key)}`;
}
