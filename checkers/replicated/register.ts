import type { Checker } from '../checker.ts';
import { describeOp, formatValue } from '../describe.ts';
import { identity } from '../identity.ts';
import { includes } from '../version-vector.ts';
import { type Case, replicatedType } from './judge.ts';
import { knewOf, type Sight, type Update } from './sights.ts';

/**
 * A replicated register in which the last writer wins (Johnson and Thomas 1975; Shapiro et al. 2011): `write` (value;
 * unique) and `read`, whose state is a value, null at first. The value must have been written by an update that the replica
 * has delivered (*thin-air*; *lost* if there is none though a write was delivered), which no other write that it has
 * delivered knew of (*resurrected*); and of two writes the same wins on every replica that has both (*arbitration*).
 */
export function replicatedRegister(): Checker {
  return replicatedType(
    'replicated-register',
    'a replicated register shows a write that no other write knew of, and everywhere the same of two',
    judge,
  );
}

function judge(object: Case): void {
  const writes = new Map(object.updates.map((update) => [identity(update.op.argument), update]));
  const winners = new Map<Sight, Update>();
  for (const sight of object.sights) {
    const winner = judgeSight(object, sight, writes);
    if (winner !== undefined) winners.set(sight, winner);
  }
  reportArbitration(object, winners);
}

/** The write whose value the sight rightly shows. */
function judgeSight(
  { history, findings, key, updates, maybe }: Case,
  sight: Sight,
  writes: ReadonlyMap<unknown, Update>,
): Update | undefined {
  const { op, state } = sight;
  const delivered = updates.filter((update) => includes(sight.seen, update));
  const shows = describeOp(history, op.event);
  const id = identity(state);
  const write = writes.get(id);
  if (write === undefined || !delivered.includes(write)) {
    if (maybe(sight).some((unsure) => identity(unsure.argument) === id)) return undefined;
    const last = delivered.at(-1);
    if (id !== null) {
      const why = 'but its replica had delivered no write of that';
      findings.add('thin-air', [op.event], () => `${shows}, ${why}.`, key);
    } else if (last !== undefined) {
      const say = () => `${shows}, though its replica had delivered ${describeOp(history, last.op.event)}.`;
      findings.add('lost', [last.op.event, op.event], say, key);
    }
    return undefined;
  }
  const later = delivered.find((other) => knewOf(other, write));
  if (later === undefined) return write;
  const say = () =>
    `${shows}, though its replica had delivered ${describeOp(history, later.op.event)}, ` +
    `whose replica knew ${formatValue(state)} already and replaced it.`;
  findings.add('resurrected', [write.op.event, later.op.event, op.event], say, key);
  return undefined;
}

function reportArbitration({ history, findings, key }: Case, winners: ReadonlyMap<Sight, Update>): void {
  const values = [...new Set(winners.values())];
  /** Of two writes that both won somewhere: where the first won, having met the second. */
  const won = new Map<Update, Map<Update, Sight>>();
  const reported = new Set<Update>();
  for (const [sight, winner] of winners) {
    let over = won.get(winner);
    if (over === undefined) won.set(winner, (over = new Map()));
    for (const loser of values) {
      if (loser === winner || over.has(loser) || !includes(sight.seen, loser)) continue;
      over.set(loser, sight);
      const other = won.get(loser)?.get(winner);
      if (other === undefined || reported.has(winner)) continue;
      reported.add(winner);
      const say = () =>
        `Both replicas had delivered the writes of ${formatValue(winner.op.argument)} and ` +
        `${formatValue(loser.op.argument)}, but they disagree which came last: ${describeOp(history, other.op.event)}, ` +
        `and ${describeOp(history, sight.op.event)}.`;
      findings.add(
        'arbitration',
        [winner.op.event, loser.op.event, other.op.event, sight.op.event],
        say,
        key,
      );
    }
  }
}
