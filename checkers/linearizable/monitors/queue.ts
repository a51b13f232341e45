import { type Intervals, NEVER } from '../intervals.ts';
import { byPutReturn, type ContainerValues, onlyElements, takenElements } from './container-values.ts';
import { type Covered, coveredEmpty } from './inside.ts';

/** `early` was surely enqueued before `late`, and yet `late` was dequeued before it. Numbers of elements. */
export interface WrongOrder {
  readonly kind: 'order';
  readonly early: number;
  readonly late: number;
}

/** The monitor can't tell. */
export interface Unsure {
  readonly kind: 'unsure';
}

/**
 * A first-in, first-out queue whose elements are all different, in O(n log n). It is linearizable exactly if
 * no two elements surely come out in the wrong order and every dequeue that found nothing has an instant at
 * which nothing was surely inside (Bouajjani, Emmi, Enea and Hamza 2015, "On reducing linearizability to
 * state reachability").
 */
export function checkQueue(
  intervals: Intervals,
  values: ContainerValues,
): WrongOrder | Covered | Unsure | undefined {
  if (values.pending.length === 0 || !values.take.includes(-1)) {
    return wrongOrder(values) ?? coveredEmpty(intervals, values);
  }
  // Whoever took them, without the elements left the queue is still one.
  const taken = takenElements(values);
  const sure = onlyElements(values, taken);
  const late = wrongOrder(sure);
  if (late !== undefined) return { kind: 'order', early: taken[late.early]!, late: taken[late.late]! };
  const covered = coveredEmpty(intervals, sure);
  if (covered !== undefined) return { ...covered, elements: covered.elements.map((v) => taken[v]!) };
  const urgent = urgencies(intervals, values);
  const { call } = intervals;
  const beyondHelp = urgent.find(
    ({ deadline }, i) =>
      deadline < NEVER && (i >= values.pending.length || call[values.pending[i]!]! > deadline),
  );
  if (beyondHelp !== undefined) return beyondHelp.violation;
  const takeCall = values.takeCall.slice();
  urgent.slice(0, values.pending.length).forEach(({ element }, i) => {
    takeCall[element] = Math.max(call[values.pending[i]!]!, values.putCall[element]!);
  });
  return coveredEmpty(intervals, { ...values, takeCall }) === undefined ? undefined : { kind: 'unsure' };
}

function wrongOrder(values: ContainerValues): WrongOrder | undefined {
  const { count, putCall, putRet, takeCall, takeRet } = values;
  const order = byPutReturn(values);
  let next = 0;
  let slowest = -1;
  for (let late = 0; late < count; late++) {
    for (; next < count && putRet[order[next]!]! < putCall[late]!; next++) {
      if (slowest < 0 || takeCall[order[next]!]! > takeCall[slowest]!) slowest = order[next]!;
    }
    if (slowest >= 0 && takeRet[late]! < takeCall[slowest]!) return { kind: 'order', early: slowest, late };
  }
  return undefined;
}

/**
 * By when a dequeue of unknown outcome must have taken an element that nobody else took, and what is wrong
 * otherwise.
 */
interface Urgency {
  readonly element: number;
  readonly deadline: number;
  readonly violation: WrongOrder | Covered | Unsure;
}

/**
 * The elements that nobody took, the most urgent first. Serving them in this order, with the dequeues of
 * unknown outcome in the order of their invocations, succeeds if anything does.
 */
function urgencies(intervals: Intervals, values: ContainerValues): Urgency[] {
  const { count, putCall, putRet, take, takeRet } = values;
  const order = byPutReturn(values);
  const empties = [...values.empty].sort((a, b) => intervals.call[a]! - intervals.call[b]!);
  const urgent: Urgency[] = [];
  let late = count - 1;
  let soonest = -1;
  let empty = empties.length - 1;
  let soonestEmpty = -1;
  for (let i = count - 1; i >= 0; i--) {
    const early = order[i]!;
    for (; late >= 0 && putCall[late]! > putRet[early]!; late--) {
      if (soonest < 0 || takeRet[late]! < takeRet[soonest]!) soonest = late;
    }
    for (; empty >= 0 && intervals.call[empties[empty]!]! > putRet[early]!; empty--) {
      const row = empties[empty]!;
      if (soonestEmpty < 0 || intervals.ret[row]! < intervals.ret[soonestEmpty]!) soonestEmpty = row;
    }
    if (take[early]! >= 0) continue;
    const taken = soonest < 0 ? NEVER : takeRet[soonest]!;
    const missed = soonestEmpty < 0 ? NEVER : intervals.ret[soonestEmpty]!;
    urgent.push(
      taken < missed
        ? { element: early, deadline: taken, violation: { kind: 'order', early, late: soonest } }
        : {
            element: early,
            deadline: missed,
            violation: { kind: 'covered', take: soonestEmpty, elements: [early] },
          },
    );
  }
  return urgent.reverse().sort((a, b) => a.deadline - b.deadline);
}
