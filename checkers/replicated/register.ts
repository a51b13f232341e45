import type { History } from '../../histories/history.ts';
import type { Checker } from '../checker.ts';
import { describeOp, formatValue } from '../describe.ts';
import { cyclicComponents, Edges, shortCycle } from '../digraph.ts';
import { identity } from '../identity.ts';
import { includes } from '../version-vector.ts';
import { type Case, replicatedType } from './judge.ts';
import { knewOf, type Sight, type Update } from './sights.ts';

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

/** That one write came before another, because a sight shows the other though it counts both, or because its writer knew. */
interface Before {
  readonly before: Update;
  readonly after: Update;
  readonly sight: Sight | undefined;
}

/** Reports writes of which no order explains who won where: a shortest circle of each knot. */
function reportArbitration(
  { history, findings, key, updates }: Case,
  winners: ReadonlyMap<Sight, Update>,
): void {
  const number = new Map(updates.map((update, i) => [update, i]));
  const edges = new Edges();
  const sights: (Sight | undefined)[] = [];
  const beaten = new Map<Update, Set<Update>>();
  for (const [sight, winner] of winners) {
    let losers = beaten.get(winner);
    if (losers === undefined) beaten.set(winner, (losers = new Set([winner])));
    for (const loser of updates) {
      if (losers.has(loser) || !includes(sight.seen, loser)) continue;
      losers.add(loser);
      sights[edges.add(number.get(loser)!, number.get(winner)!)] = sight;
    }
  }
  for (const [i, later] of updates.entries())
    for (const [j, earlier] of updates.entries()) if (knewOf(later, earlier)) edges.add(j, i);
  const graph = edges.graph(updates.length);
  for (const knot of cyclicComponents(graph)) {
    const circle = shortCycle(graph, knot, () => false).map((edge): Before => {
      const label = graph.label[edge]!;
      const [before, after] = [updates[edges.from[label]!]!, updates[edges.to[label]!]!];
      return { before, after, sight: sights[label] };
    });
    const writes = circle.map(({ before }) => before.op.event);
    const reads = circle.flatMap(({ sight }) => (sight === undefined ? [] : [sight.op.event]));
    findings.add('arbitration', [...writes, ...reads], () => tellCircle(history, circle), key);
  }
}

function tellCircle(history: History, circle: readonly Before[]): string {
  const value = ({ op }: Update) => formatValue(op.argument);
  const sights = circle.flatMap(({ sight }) =>
    sight === undefined ? [] : [describeOp(history, sight.op.event)],
  );
  if (circle.length === 2 && sights.length === 2) {
    const [one, two] = circle.map(({ before }) => value(before));
    return (
      `Both replicas had delivered the writes of ${one} and ${two}, ` +
      `but they disagree which came last: ${sights[0]}, and ${sights[1]}.`
    );
  }
  const steps = circle.map(({ before, after, sight }) =>
    sight === undefined
      ? `${value(before)} before ${value(after)}, as its writer knew ${value(before)}`
      : `${value(before)} before ${value(after)}, as ${describeOp(history, sight.op.event)}, whose replica had delivered both`,
  );
  return `No order of the writes explains which of them won: ${steps.join('; ')}.`;
}
