import type { History } from '../histories/history.ts';
import { identity } from './identity.ts';
import { malformed } from './malformed.ts';
import type { Operation } from './operations.ts';

/** What happened to one element of one set. */
export interface Element {
  readonly value: unknown;
  /** Adds that may have taken effect, in order of invocation. */
  readonly adds: Operation[];
  /** The add that was acknowledged first. */
  ack: Operation | undefined;
  /** An add that surely had no effect. */
  failed: Operation | undefined;
  /** The read that completed first of those that saw it. */
  firstSeen: Operation | undefined;
  /** The read that completed last of those that saw it. */
  lastSeen: Operation | undefined;
  /** The read that began last of those that did not see it. */
  lastMissed: Operation | undefined;
  /** The first read that holds it more than once, and how often. */
  duplicated: { read: Operation; times: number } | undefined;
  /** The first read that saw it though it can't have been there. */
  unexpected: Operation | undefined;
}

/** `lost` and `stable` elements were known once; `never-read` says that no read tells what became of it. */
export type Fate = 'stable' | 'lost' | 'never-read';

/**
 * Follows each element through the adds and reads (in order of invocation) of one set. The cost is the size of the reads.
 */
export function followElements(history: History, ops: readonly Operation[]): Element[] {
  const elements = new Map<unknown, Element>();
  const elementOf = (value: unknown): Element => {
    const id = identity(value);
    let element = elements.get(id);
    if (element === undefined) elements.set(id, (element = newElement(value)));
    return element;
  };
  for (const op of ops) if (op.f === 'add') noteAdd(elementOf(op.argument), op);
  const reads = ops.filter((op) => op.f === 'read' && op.outcome === 'ok');
  // From the last read back: the first read to miss an element settles its `lastMissed`, so what is left to settle at a
  // read was held by the read after it.
  let unsettled: Element[] | undefined;
  for (let r = reads.length - 1; r >= 0; r--) {
    const read = reads[r]!;
    const held = countElements(history, read, elementOf);
    for (const [element, times] of held) noteSight(element, read, times);
    // Elements that only an earlier read holds were never added; what misses them proves nothing.
    unsettled ??= [...elements.values()];
    const left: Element[] = [];
    for (const element of unsettled) {
      if (held.has(element)) left.push(element);
      else element.lastMissed = read;
    }
    unsettled = left;
  }
  return [...elements.values()];
}

function newElement(value: unknown): Element {
  return {
    value,
    adds: [],
    ack: undefined,
    failed: undefined,
    firstSeen: undefined,
    lastSeen: undefined,
    lastMissed: undefined,
    duplicated: undefined,
    unexpected: undefined,
  };
}

function noteAdd(element: Element, add: Operation): void {
  if (add.outcome === 'fail') element.failed = add;
  else element.adds.push(add);
  if (add.outcome === 'ok' && (element.ack === undefined || add.end < element.ack.end)) element.ack = add;
}

/** Each distinct element that a read holds, with the number of times that it stands there. */
function countElements(
  history: History,
  read: Operation,
  elementOf: (value: unknown) => Element,
): Map<Element, number> {
  // A set that nobody has made yet may be read as null.
  const value = read.result ?? [];
  if (!Array.isArray(value)) throw malformed(history, read.event, 'an array of elements');
  const held = new Map<Element, number>();
  for (const item of value) {
    const element = elementOf(item);
    held.set(element, (held.get(element) ?? 0) + 1);
  }
  return held;
}

function noteSight(element: Element, read: Operation, times: number): void {
  if (element.firstSeen === undefined || read.end < element.firstSeen.end) element.firstSeen = read;
  if (element.lastSeen === undefined || read.end > element.lastSeen.end) element.lastSeen = read;
  if (times > 1) element.duplicated = { read, times };
  const first = element.adds[0];
  if (first === undefined || first.begin > read.end) element.unexpected = read;
}

/** The operation at whose completion the element became known: the add, or a read that saw it. */
export function knownBy(element: Element): Operation | undefined {
  const { ack, firstSeen } = element;
  if (ack === undefined || firstSeen === undefined) return ack ?? firstSeen;
  return ack.end <= firstSeen.end ? ack : firstSeen;
}

export function fateOf(element: Element): Fate {
  const known = knownBy(element);
  const { lastMissed, lastSeen } = element;
  if (known === undefined) return 'never-read';
  if (lastMissed === undefined || lastMissed.begin < known.end)
    return lastSeen === undefined ? 'never-read' : 'stable';
  return lastSeen !== undefined && lastSeen.end > lastMissed.begin ? 'stable' : 'lost';
}

/** How long after the element was known a read began that missed it, in nanoseconds; 0 when none did. */
export function staleLatency(element: Element): number {
  const known = knownBy(element);
  const missed = element.lastMissed;
  if (known === undefined || missed === undefined || missed.begin < known.end) return 0;
  // Two events at one instant of virtual time still have an order.
  return Math.max(1, missed.startTime - known.endTime);
}
