import type { History } from '../histories/history.ts';
import type { Key } from '../histories/op.ts';
import type { Checker, Verdict } from './checker.ts';
import { deltaOf, sumOf } from './counter.ts';
import { AT_ONCE, type Deadline, tooEarly } from './deadline.ts';
import { describeOp, list } from './describe.ts';
import { finalReadsOf, healingOf, placeOf } from './final-reads.ts';
import { Findings } from './findings.ts';
import { groupBy, type Operation, operationsByKey } from './operations.ts';
import { isSumOfSome } from './sums.ts';

/**
 * An eventually consistent counter (Maelstrom's `pn-counter`). Operations: `add` (value: by how much, may be negative) and
 * `read` (completion value: the sum); the key says which counter. Only the last read of each node counts, and only if it
 * began after the last add had its answer and the nemesis had healed everything (`heal`).
 *
 * It must be the sum of all acknowledged adds and some of those of unknown outcome (*wrong-sum*), and the same on every
 * node (*unconverged*).
 */
export function pnCounter(deadline: Deadline = AT_ONCE): Checker {
  return {
    name: 'pn-counter',
    about: 'final reads of a counter agree and hold every acknowledged add',
    check: (history) => checkCounter(history, deadline),
  };
}

function checkCounter(history: History, deadline: Deadline): Verdict {
  const findings = new Findings(history);
  const counts = { adds: 0, unknown: 0, finalReads: 0 };
  const healing = healingOf(history);
  let tooSoon = 0;
  for (const [key, ops] of operationsByKey(history, ['add', 'read'])) {
    const adds = ops.filter((op) => op.f === 'add' && op.outcome !== 'fail');
    counts.adds += adds.length;
    counts.unknown += adds.filter((add) => add.outcome === 'info').length;
    if (healing.faulty) continue;
    const { byNode, early } = finalReadsOf(history, ops, healing, deadline.within);
    const reads = [...byNode.values()];
    counts.finalReads += reads.length;
    if (reads.length === 0) tooSoon += early;
    for (const read of reads) checkSum(history, findings, key, adds, read);
    checkAgreement(history, findings, key, reads);
  }
  const vacuous: string[] = [];
  if (healing.faulty) vacuous.push('faults were injected and never healed, so nothing had to converge');
  else if (tooSoon > 0) vacuous.push(...tooEarly(tooSoon, deadline, 'final read'));
  else if (counts.finalReads === 0)
    vacuous.push('no final read: none succeeded after the healing and the last add');
  if (counts.adds === 0) vacuous.push('nothing was ever added');
  return findings.verdict('pn-counter', { counts, vacuous });
}

function checkSum(
  history: History,
  findings: Findings,
  key: Key | undefined,
  adds: readonly Operation[],
  read: Operation,
): void {
  let certain = 0;
  const possible: number[] = [];
  for (const add of adds) {
    if (add.outcome === 'ok') certain += deltaOf(history, add);
    else possible.push(deltaOf(history, add));
  }
  const value = sumOf(history, read);
  if (isSumOfSome(possible, value - certain)) return;
  const say = () => {
    const some =
      possible.length === 0 ? '' : `, or that and some of the ${possible.length} adds of unknown outcome`;
    return `${describeOp(history, read.event)}, a final read on ${placeOf(read)}, should have been ${certain}${some}.`;
  };
  findings.add('wrong-sum', [read.event], say, key);
}

function checkAgreement(
  history: History,
  findings: Findings,
  key: Key | undefined,
  reads: readonly Operation[],
): void {
  const groups = [...groupBy(reads, (read) => sumOf(history, read)).entries()];
  const [most, other] = groups.sort(([, a], [, b]) => b.length - a.length);
  if (most === undefined || other === undefined) return;
  const [a, b] = [most[1][0]!, other[1][0]!];
  const say = () => {
    const answers = groups.map(
      ([sum, same]) => `${list(same.map(placeOf))} ${same.length === 1 ? 'says' : 'say'} ${sum}`,
    );
    return `At the end the nodes do not agree: ${list(answers)}. See ${describeOp(history, a.event)} and ${describeOp(history, b.event)}.`;
  };
  findings.add('unconverged', [a.event, b.event], say, key);
}
