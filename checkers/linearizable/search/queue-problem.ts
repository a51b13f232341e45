import { identity } from '../../identity.ts';
import { int32Column, uint8Column } from '../columns.ts';
import { type Intervals, NEVER } from '../intervals.ts';
import type { ModelOperation } from '../model.ts';
import { foundNothing, queueModel } from '../models/containers.ts';
import { type Element, lazyQueue } from './lazy-queue.ts';
import { kindsOf, type ModelProblem, operationsOf } from './model-problem.ts';
import { ANY, GIVEN, LATE, NONE } from './problem.ts';
import { StateTable } from './state-table.ts';

/** An operation on a queue. */
interface QueueOperation extends Element {
  readonly does: 'put' | 'take' | 'take-any' | 'find-nothing';
  /** Whether a dequeue may as well have had no effect. */
  readonly optional: boolean;
}

/** One step of the search; those of an enqueue are two, at its invocation and at its completion. */
interface Step {
  readonly call: number;
  readonly ret: number;
  readonly f: keyof typeof EFFECTS;
  readonly argument: unknown;
  readonly optional: boolean;
  readonly of: QueueOperation;
}

/** What each step does, for the search. */
const EFFECTS = {
  offer: GIVEN,
  'go-in': LATE,
  take: ANY,
  'may-take': GIVEN,
  'take-unseen': ANY,
  'find-nothing': NONE,
} as const;

/**
 * The operations `from` to `to` on a FIFO queue as a search that leaves open in which order elements went in until they
 * come out, so that its states are sets and not sequences (see `lazyQueue`).
 */
export function queueProblem(intervals: Intervals, from: number, to: number): ModelProblem {
  const { call, ret } = intervals;
  return problemOf(
    operationsOf(queueModel, intervals, from, to).map(([row, operation]) =>
      queueOperation(operation, call[row]!, ret[row]!),
    ),
  );
}

function queueOperation(operation: ModelOperation, call: number, ret: number): QueueOperation {
  const isPut = operation.f === 'enqueue';
  const value = isPut ? operation.argument : operation.result;
  const shared = { call, ret, value, id: identity(value), optional: false };
  if (isPut) return { ...shared, does: 'put' };
  if (foundNothing(operation)) return { ...shared, does: 'find-nothing' };
  return { ...shared, does: operation.outcome === 'info' ? 'take-any' : 'take' };
}

function problemOf(operations: readonly QueueOperation[]): ModelProblem {
  const elements = operations.filter(({ does }) => does === 'put');
  const steps = stepsOf(operations).sort((a, b) => a.call - b.call);
  const { kind, samples } = kindsOf(
    steps.map(({ f, argument }) => ({ f, argument, result: undefined, outcome: 'ok', process: 0 })),
  );
  const model = lazyQueue(elements);
  const states = new StateTable(model, samples);
  return {
    count: steps.length,
    call: int32Column(steps, ({ call }) => call),
    ret: int32Column(steps, ({ ret }) => ret),
    kind,
    optional: uint8Column(steps, ({ optional }) => (optional ? 1 : 0)),
    effect: uint8Column(samples, ({ f }) => EFFECTS[f as Step['f']]),
    automaton: states,
    describe: (state) => model.describe!(states.states[state] as never),
    relaxed: (mandatory, cut) => {
      const must = new Set(mandatory.map((step) => steps[step]!.of));
      return problemOf(relaxed(operations, must, cut));
    },
  };
}

/** Elements have the numbers of their enqueues. */
function stepsOf(operations: readonly QueueOperation[]): Step[] {
  const surplus = surplusOf(operations);
  let elements = 0;
  const steps: Step[] = [];
  for (const of of operations) {
    const { call, ret, id, does, optional } = of;
    const at = (time: number, f: Step['f'], argument: unknown) =>
      steps.push({ call: time, ret: time, f, argument, optional: false, of });
    if (does === 'put') {
      const number = elements++;
      at(call, 'offer', number);
      if (ret !== NEVER) at(ret, 'go-in', number);
    } else if (does === 'take-any') {
      at(call, 'may-take', null);
      for (const [element, left] of surplus) {
        if (left === 0) continue;
        surplus.set(element, left - 1);
        steps.push({ call, ret, f: 'take-unseen', argument: element, optional: true, of });
      }
    } else {
      steps.push({ call, ret, f: does, argument: does === 'take' ? id : null, optional, of });
    }
  }
  return steps;
}

/** Of each element how often it may have gone in without coming out where that was seen. */
function surplusOf(operations: readonly QueueOperation[]): Map<unknown, number> {
  const surplus = new Map<unknown, number>();
  for (const { does, id, optional } of operations) {
    const change = does === 'put' ? 1 : does === 'take' && !optional ? -1 : 0;
    if (change !== 0) surplus.set(id, (surplus.get(id) ?? 0) + change);
  }
  for (const [id, left] of surplus) if (left <= 0) surplus.delete(id);
  return surplus;
}

/** The operations before time `cut`; all but those that `must` may have had no effect. */
function relaxed(
  operations: readonly QueueOperation[],
  must: ReadonlySet<QueueOperation>,
  cut: number,
): QueueOperation[] {
  return operations.flatMap((operation): QueueOperation[] => {
    if (operation.call >= cut) return [];
    const ret = operation.ret > cut ? NEVER : operation.ret;
    if (must.has(operation)) return [{ ...operation, ret }];
    if (operation.does === 'find-nothing') return [];
    // An enqueue that never ends need not go in.
    return [operation.does === 'put' ? { ...operation, ret: NEVER } : { ...operation, ret, optional: true }];
  });
}
