import { FAIL, OK } from '../../../histories/op.ts';
import { Interner } from '../intern.ts';
import { type Intervals, NEVER, type ObjectRange } from '../intervals.ts';
import type { Monitored } from './containers.ts';
import { Narrator } from './proof.ts';

/** What the operations on one element say. Rows, or -1. */
interface Element {
  insert: number;
  remove: number;
  /** A removal of unknown outcome. */
  maybeRemove: number;
  /** Of those that show the element inside: the first to complete and the last to be invoked. */
  first: number;
  last: number;
  /** Those that found it absent. */
  absent: number[];
}

const FUNCTIONS = ['add', 'remove', 'contains'];
const ADD = 0;
const REMOVE = 1;
const CONTAINS = 2;

/**
 * Decides one set each element of which is added once and removed at most once, in linear time (Lee and
 * Mathur 2024). With f the first completion and s the last invocation of the operations that show an element
 * inside, it is surely inside from f to s: nothing may show it before it was added or after it was removed,
 * or miss it in between.
 */
export function monitorSet(intervals: Intervals, { key, from, to }: ObjectRange): Monitored {
  const elements = elementsOf(intervals, from, to);
  if (elements === undefined) return 'unsure';
  const narrator = new Narrator(intervals, key);
  for (const element of elements) {
    const verdict = judge(intervals, element, narrator);
    if (verdict !== 'valid') return verdict;
  }
  return 'valid';
}

/** Undefined when the operations aren't as this monitor needs them. */
function elementsOf(intervals: Intervals, from: number, to: number): Element[] | undefined {
  const { history, call, outcome } = intervals;
  const codes = history.fNames.map((name) => FUNCTIONS.indexOf(name));
  const ids = new Interner();
  const elements: Element[] = [];
  for (let row = from; row < to; row++) {
    const code = codes[history.f[call[row]!]!]!;
    if (code < 0) return undefined;
    if (outcome[row] === FAIL) continue;
    const id = ids.id(history.value(call[row]!));
    const element = (elements[id] ??= {
      insert: -1,
      remove: -1,
      maybeRemove: -1,
      first: -1,
      last: -1,
      absent: [],
    });
    if (!note(intervals, element, row, code)) return undefined;
  }
  return elements;
}

/** False when the element isn't added once and removed at most once. */
function note(intervals: Intervals, element: Element, row: number, code: number): boolean {
  const { history, ret, outcome } = intervals;
  const done = outcome[row] === OK;
  const result = done ? history.value(ret[row]!) : undefined;
  if (code === ADD && result !== false) {
    if (element.insert >= 0) return false;
    element.insert = row;
    if (done) noteInside(intervals, element, row);
  } else if (code === REMOVE && result !== false) {
    if (element.remove >= 0 || element.maybeRemove >= 0) return false;
    if (!done) element.maybeRemove = row;
    else if (result !== true) return false;
    else {
      element.remove = row;
      noteInside(intervals, element, row);
    }
  } else if (done) {
    // An add that changed nothing found the element inside, a removal that changed nothing found it absent.
    if (code === ADD || (code === CONTAINS && result === true)) noteInside(intervals, element, row);
    else element.absent.push(row);
  }
  return true;
}

function noteInside({ call, ret }: Intervals, element: Element, row: number): void {
  if (element.first < 0 || ret[row]! < ret[element.first]!) element.first = row;
  if (element.last < 0 || call[row]! > call[element.last]!) element.last = row;
}

function judge(intervals: Intervals, element: Element, narrator: Narrator): Monitored {
  const { call, ret } = intervals;
  const { insert, remove, maybeRemove, first, last, absent } = element;
  if (first < 0) return 'valid';
  if (insert < 0) {
    return narrator.anomaly(
      'thin-air',
      [first],
      [`${narrator.say(first)} found an element that nobody had added.`],
    );
  }
  if (call[insert]! > ret[first]!) {
    return narrator.anomaly(
      'future-read',
      [first, insert],
      [
        `${narrator.say(first)} found the element inside and was over before ${narrator.say(insert)} began, the only one to add it.`,
      ],
    );
  }
  if (remove >= 0 && ret[remove]! < call[last]!) {
    return narrator.anomaly(
      'stale-read',
      [remove, last],
      [
        `${narrator.say(remove)} was over before ${narrator.say(last)} began, which still found the element inside; nobody added it again.`,
      ],
    );
  }
  const end = endOf(intervals, element);
  const missed = absent.find((row) => call[row]! > ret[first]! && ret[row]! < end);
  if (missed === undefined) return 'valid';
  const until =
    end === NEVER
      ? 'and nobody ever removed it'
      : `and ${narrator.say(call[last] === end ? last : maybeRemove)} shows that it was there until later`;
  return narrator.anomaly(
    'lost',
    [insert, first, missed, ...(end === NEVER ? [] : [last])],
    [
      `${narrator.say(missed)} found the element of ${narrator.say(insert)} absent,`,
      `though ${narrator.say(first)} was over before that began, ${until}.`,
    ],
  );
}

/** Until when the element is surely inside. */
function endOf({ call }: Intervals, { remove, maybeRemove, last }: Element): number {
  if (remove >= 0) return call[last]!;
  return maybeRemove >= 0 ? Math.max(call[last]!, call[maybeRemove]!) : NEVER;
}
