import type { History } from '../histories/history.ts';
import { identity } from './identity.ts';
import { malformed } from './malformed.ts';
import type { Operation } from './operations.ts';

/** What happened to one element of a queue. */
export interface QueueElement {
  readonly value: unknown;
  /** Enqueues that may have taken effect, in order of invocation. */
  readonly enqueues: Operation[];
  /** An enqueue that surely had no effect. */
  failed: Operation | undefined;
  /** Dequeues and drains that returned it, once for each time that they did, in order of completion. */
  readonly dequeues: Operation[];
}

export const QUEUE_FUNCTIONS: readonly string[] = ['enqueue', 'dequeue', 'drain'];

/** Follows each element through the operations (in order of invocation) on one queue. */
export function queueElements(history: History, ops: readonly Operation[]): Map<unknown, QueueElement> {
  const elements = new Map<unknown, QueueElement>();
  const elementOf = (value: unknown): QueueElement => {
    const id = identity(value);
    let element = elements.get(id);
    if (element === undefined) {
      element = { value, enqueues: [], failed: undefined, dequeues: [] };
      elements.set(id, element);
    }
    return element;
  };
  for (const op of ops) {
    if (op.f !== 'enqueue') continue;
    const element = elementOf(op.argument);
    if (op.outcome === 'fail') element.failed = op;
    else element.enqueues.push(op);
  }
  const takes = ops.filter((op) => op.f !== 'enqueue' && op.outcome === 'ok').sort((a, b) => a.end - b.end);
  for (const op of takes) for (const value of taken(history, op)) elementOf(value).dequeues.push(op);
  return elements;
}

/** The elements that a successful dequeue or drain took out. */
export function taken(history: History, op: Operation): readonly unknown[] {
  if (op.f === 'dequeue') return op.result === null || op.result === undefined ? [] : [op.result];
  const value = op.result ?? [];
  if (!Array.isArray(value)) throw malformed(history, op.event, 'an array of elements');
  return value;
}
