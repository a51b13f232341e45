import type { Anomaly } from '../../checker.ts';
import type { Intervals, ObjectRange } from '../intervals.ts';
import {
  type ContainerFunctions,
  type ContainerValues,
  containerValues,
  onlyElements,
  type ValueViolation,
} from './container-values.ts';
import type { Covered } from './inside.ts';
import { Narrator } from './proof.ts';
import { checkQueue, type WrongOrder } from './queue.ts';
import { checkStack, type NoBottom, noBottom } from './stack.ts';

/** What a monitor makes of an object; `unsure`: a search must decide. */
export type Monitored = 'valid' | 'unsure' | Anomaly;

/** Decides one queue, if its elements are all different. */
export function monitorQueue(intervals: Intervals, object: ObjectRange): Monitored {
  return monitor(intervals, object, { put: 'enqueue', take: 'dequeue' }, checkQueue);
}

/** Decides one stack, if its elements are all different. */
export function monitorStack(intervals: Intervals, object: ObjectRange): Monitored {
  return monitor(intervals, object, { put: 'push', take: 'pop' }, checkStack);
}

type Violation = WrongOrder | NoBottom | Covered | { readonly kind: 'unsure' };

function monitor(
  intervals: Intervals,
  { key, from, to }: ObjectRange,
  functions: ContainerFunctions,
  check: (intervals: Intervals, values: ContainerValues) => Violation | undefined,
): Monitored {
  const values = containerValues(intervals, from, to, functions);
  if (values === undefined) return 'unsure';
  const narrator = new Narrator(intervals, key);
  if ('kind' in values) return brokenValue(narrator, values);
  const violation = check(intervals, values);
  switch (violation?.kind) {
    case undefined:
      return 'valid';
    case 'unsure':
      return 'unsure';
    case 'order':
      return wrongOrder(narrator, values, violation);
    case 'covered':
      return coveredEmpty(narrator, values, violation);
    case 'no-bottom':
      return crossing(narrator, values, violation);
  }
}

function brokenValue(narrator: Narrator, violation: ValueViolation): Anomaly {
  switch (violation.kind) {
    case 'never-put':
      return narrator.anomaly(
        'thin-air',
        [violation.take],
        [`${narrator.say(violation.take)} gave an element that nobody had put in${narrator.ofKey}.`],
      );
    case 'taken-twice':
      return narrator.anomaly(
        'duplicate',
        [violation.put, violation.first, violation.second],
        [
          `${narrator.say(violation.first)} and ${narrator.say(violation.second)} gave the same element,`,
          `which was put in only once, by ${narrator.say(violation.put)}.`,
        ],
      );
    case 'taken-early':
      return narrator.anomaly(
        'future-read',
        [violation.take, violation.put],
        [
          `${narrator.say(violation.take)} was over before ${narrator.say(violation.put)} began, the only one to put it in.`,
        ],
      );
  }
}

function wrongOrder(narrator: Narrator, values: ContainerValues, { early, late }: WrongOrder): Anomaly {
  const { put, take } = values;
  const after =
    take[early]! < 0
      ? `and ${narrator.element(put[early]!)} was never taken out`
      : `before ${narrator.say(take[early]!)} began`;
  return narrator.anomaly(
    'wrong-order',
    [put[early]!, put[late]!, take[late]!, take[early]!],
    [
      `${narrator.say(put[early]!)} was over before ${narrator.say(put[late]!)} began, so it is ahead.`,
      `But ${narrator.say(take[late]!)} was over ${after}.`,
    ],
  );
}

function coveredEmpty(narrator: Narrator, { put, take }: ContainerValues, violation: Covered): Anomaly {
  const rows = violation.elements.flatMap((v) => [put[v]!, take[v]!]).filter((row) => row >= 0);
  return narrator.anomaly(
    'false-empty',
    [violation.take, ...rows],
    [
      `${narrator.say(violation.take)} found nothing, though at every moment of it something was inside:`,
      `${narrator.list(rows)}.`,
    ],
  );
}

function crossing(narrator: Narrator, values: ContainerValues, violation: NoBottom): Anomaly {
  const { put, take } = values;
  const elements = fewestCrossing(values, violation.elements);
  const rows = elements.flatMap((v) => [put[v]!, take[v]!]).filter((row) => row >= 0);
  const sentences =
    elements.length === 2
      ? crossingPair(narrator, values, elements)
      : crossingMany(narrator, values, elements, rows);
  return narrator.anomaly('wrong-order', rows, sentences);
}

function crossingPair(narrator: Narrator, values: ContainerValues, elements: readonly number[]): string[] {
  const { put, take, putCall, putRet } = values;
  const [x, y] = elements as [number, number];
  const [lower, upper] = putRet[x]! < putCall[y]! ? [x, y] : [y, x];
  const [under, above] = [narrator.element(put[lower]!), narrator.element(put[upper]!)];
  const late =
    take[upper]! < 0
      ? `${above} was never taken out`
      : `that was over before ${narrator.say(take[upper]!)} began`;
  return [
    `${narrator.say(put[lower]!)} came before ${narrator.say(put[upper]!)}, so ${above} lay above ${under} while both were inside.`,
    `But ${narrator.say(take[lower]!)} took out the one below, and ${late}.`,
  ];
}

function crossingMany(
  narrator: Narrator,
  values: ContainerValues,
  elements: readonly number[],
  rows: readonly number[],
): string[] {
  const names = elements.map((v) => narrator.element(values.put[v]!)).join(', ');
  return [
    `one of the elements ${names} must have been below the others, as they were inside together;`,
    'but each was pushed after another was in already, or popped while another was still in:',
    `${narrator.list(rows)}.`,
  ];
}

/** Elements gone over when looking for few that cross. */
const MAX_WORK = 20_000_000;

/** Leaves out elements, in ever smaller pieces, while the others alone have no order. */
function fewestCrossing(values: ContainerValues, elements: readonly number[]): readonly number[] {
  let kept = elements;
  let work = 0;
  for (let size = kept.length >> 1; size >= 1; size = size === 1 ? 0 : (size + 1) >> 1) {
    for (let end = kept.length; end > 0 && work < MAX_WORK; end = Math.min(end - size, kept.length)) {
      const without = [...kept.slice(0, Math.max(0, end - size)), ...kept.slice(end)];
      work += without.length;
      const still = noBottom(onlyElements(values, without));
      if (still !== undefined) kept = still.elements.map((i) => without[i]!);
    }
  }
  return kept;
}
