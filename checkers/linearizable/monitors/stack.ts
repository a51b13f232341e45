import { int32Column } from '../columns.ts';
import { type Intervals, NEVER } from '../intervals.ts';
import { type ContainerValues, onlyElements, takenElements } from './container-values.ts';
import { CoverTree } from './cover-tree.ts';
import { type Covered, coveredEmpty } from './inside.ts';
import type { Unsure } from './queue.ts';
import { StabbingTree } from './stabbing.ts';

/** No element of these can have been below the others, though something was inside all the time. */
export interface NoBottom {
  readonly kind: 'no-bottom';
  readonly elements: readonly number[];
}

/**
 * A stack whose elements are all different, in O(n log n). An element is surely inside from the latest moment
 * of its push to the earliest of its pop. Where nothing is surely inside, the stack may as well be empty, so
 * what comes before and after is independent. A stretch in which something is inside all the time has one
 * element at the bottom throughout: one that may be pushed before all of it and popped after all of it. Such
 * an element disturbs nobody, so it can be peeled away, which leaves more instants with nothing inside; the
 * stack is linearizable exactly if all elements can be peeled. An element can be peeled when its push and its
 * pop both reach an instant at which nothing is surely inside. (The idea of peeling: Lee and Mathur 2024,
 * "Efficient decrease-and-conquer linearizability monitoring"; this condition is our own.)
 */
export function checkStack(
  intervals: Intervals,
  values: ContainerValues,
): NoBottom | Covered | Unsure | undefined {
  const left = values.take.includes(-1);
  if (values.pending.length === 0 || !left) return coveredEmpty(intervals, values) ?? noBottom(values);
  // Whoever took them, without the elements left the stack is still one.
  const taken = takenElements(values);
  const sure = onlyElements(values, taken);
  const broken = coveredEmpty(intervals, sure) ?? noBottom(sure);
  if (broken !== undefined) return { ...broken, elements: broken.elements.map((v) => taken[v]!) };
  // A pop of unknown outcome may have taken any element that nobody else took. Which one matters, but none
  // does harm.
  const helped = withHelp(intervals, values);
  const found = coveredEmpty(intervals, helped) ?? noBottom(helped);
  return found === undefined ? undefined : { kind: 'unsure' };
}

/** Gives each pop of unknown outcome the element pushed last before it, of those that nobody took. */
function withHelp({ call }: Intervals, values: ContainerValues): ContainerValues {
  const takeCall = values.takeCall.slice();
  const untaken: number[] = [];
  let next = 0;
  for (const row of values.pending) {
    for (; next < values.count && values.putCall[next]! < call[row]!; next++) {
      if (values.take[next]! < 0) untaken.push(next);
    }
    const element = untaken.pop();
    if (element !== undefined) takeCall[element] = call[row]!;
  }
  return { ...values, takeCall };
}

/** Peels elements while it can. */
export function noBottom(values: ContainerValues): NoBottom | undefined {
  const critical: number[] = [];
  for (let v = 0; v < values.count; v++) if (values.putRet[v]! < values.takeCall[v]!) critical.push(v);
  if (critical.length === 0) return undefined;
  const line = timeline(values, critical);
  const { putFrom, putTo, takeFrom, takeTo } = line;
  const cover = new CoverTree(covers(line));
  const puts = new StabbingTree(putFrom, putTo);
  const takes = new StabbingTree(takeFrom, takeTo);
  const half = new Uint8Array(critical.length);
  let left = critical.length;
  for (let instant = cover.takeUncovered(); instant >= 0; instant = cover.takeUncovered()) {
    for (const tree of [puts, takes]) {
      for (let i = tree.take(instant); i >= 0; i = tree.take(instant)) {
        if (++half[i]! < 2) continue;
        cover.remove(putTo[i]!, takeFrom[i]!);
        left--;
      }
    }
  }
  return left === 0 ? undefined : { kind: 'no-bottom', elements: critical.filter((_, i) => half[i]! < 2) };
}

/**
 * Operations of the critical elements as ranges of instants; instant t lies between event t and event t + 1.
 */
interface Timeline {
  readonly putFrom: Int32Array;
  readonly putTo: Int32Array;
  readonly takeFrom: Int32Array;
  readonly takeTo: Int32Array;
  readonly instants: number;
}

function timeline(
  { putCall, putRet, takeCall, takeRet }: ContainerValues,
  critical: readonly number[],
): Timeline {
  const times = new Int32Array(critical.length * 4);
  critical.forEach((v, i) => {
    times.set([putCall[v]!, putRet[v]!, takeCall[v]!, takeRet[v]!], i * 4);
  });
  const sorted = times.slice().sort();
  let instants = 0;
  const ranks = new Map<number, number>();
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) ranks.set(sorted[i]!, instants++);
  }
  const column = (at: number) => int32Column(critical, (_, i) => ranks.get(times[i * 4 + at]!)!);
  const takeFrom = column(2);
  // What was never taken leaves after all events.
  const takeTo = int32Column(critical, (v, i) =>
    takeRet[v] === NEVER ? instants : ranks.get(times[i * 4 + 3]!)!,
  );
  return { putFrom: column(0), putTo: column(1), takeFrom, takeTo, instants };
}

function covers({ putTo, takeFrom, instants }: Timeline): Int32Array {
  const result = new Int32Array(instants);
  for (const start of putTo) result[start]!++;
  for (const end of takeFrom) result[end]!--;
  for (let t = 1; t < instants; t++) result[t]! += result[t - 1]!;
  return result;
}
