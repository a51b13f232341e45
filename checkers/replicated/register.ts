import type { Checker } from '../checker.ts';
import { describeOp, formatValue } from '../describe.ts';
import { identity } from '../identity.ts';
import { judgeArbitration, type Win } from './arbitration.ts';
import { type Case, replicatedType } from './judge.ts';
import { type Counts, Knowledge } from './knowledge.ts';
import type { Sight } from './sights.ts';

/**
 * A replicated register in which the last writer wins (Johnson and Thomas 1975; Shapiro et al. 2011): `write` (value;
 * unique) and `read`, whose state is a value, null at first. The value must have been written by an update that the replica
 * has delivered (*thin-air*; *lost* if there is none though a write was delivered), which no other write that it has
 * delivered knew of (*resurrected*); and one order of all writes explains which of them won on each replica, so that of two
 * the same wins wherever both are (*arbitration*).
 */
export function replicatedRegister(): Checker {
  return replicatedType(
    'replicated-register',
    'a replicated register shows a write that no other write knew of, and the same order of writes everywhere',
    judge,
  );
}

function judge(object: Case): void {
  const knowledge = new Knowledge(object.updates);
  const writes = new Map(object.updates.map(({ op }, u) => [identity(op.argument), u]));
  const knowers = new Map<number, readonly number[]>();
  const wins: Win[] = [];
  for (const sight of object.sights) {
    const counts = knowledge.counts(sight.seen);
    const write = writes.get(identity(sight.state));
    if (write === undefined || !knowledge.includes(counts, write)) {
      reportUnwritten(object, sight, knowledge, counts);
      continue;
    }
    let first = knowers.get(write);
    if (first === undefined) knowers.set(write, (first = knowledge.firstKnowers(write)));
    if (first.some((count, origin) => count <= counts[origin]!))
      reportReplaced(object, sight, knowledge, counts, write);
    else wins.push({ sight, counts, write });
  }
  judgeArbitration(object, knowledge, wins);
}

/** The sight shows what no write that its replica had delivered can have written. */
function reportUnwritten(
  { history, findings, key, maybe }: Case,
  sight: Sight,
  knowledge: Knowledge,
  counts: Counts,
): void {
  const { op, state } = sight;
  const id = identity(state);
  if (maybe(sight).some((unsure) => identity(unsure.argument) === id)) return;
  const shows = describeOp(history, op.event);
  if (id !== null) {
    const why = 'but its replica had delivered no write of that';
    findings.add('thin-air', [op.event], () => `${shows}, ${why}.`, key);
    return;
  }
  const last = knowledge.updates.findLast((_, u) => knowledge.includes(counts, u));
  if (last === undefined) return;
  const say = () => `${shows}, though its replica had delivered ${describeOp(history, last.op.event)}.`;
  findings.add('lost', [last.op.event, op.event], say, key);
}

/** The sight shows a write, though its replica had delivered another that knew of it. */
function reportReplaced(
  { history, findings, key }: Case,
  { op, state }: Sight,
  knowledge: Knowledge,
  counts: Counts,
  write: number,
): void {
  const later = knowledge.updates.find((_, u) => knowledge.includes(counts, u) && knowledge.knew(u, write))!;
  const say = () =>
    `${describeOp(history, op.event)}, though its replica had delivered ${describeOp(history, later.op.event)}, ` +
    `whose replica knew ${formatValue(state)} already and replaced it.`;
  const events = [knowledge.updates[write]!.op.event, later.op.event, op.event];
  findings.add('resurrected', events, say, key);
}
