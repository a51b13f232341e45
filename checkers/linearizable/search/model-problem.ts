import { INFO, type Key, OK, OP_TYPES } from '../../../histories/op.ts';
import { formatValue } from '../../describe.ts';
import { identity } from '../../identity.ts';
import { int32Column, uint8Column } from '../columns.ts';
import { type Intervals, NEVER } from '../intervals.ts';
import type { AnyModel, ModelOperation } from '../model.ts';
import { ANY, NONE, OVERWRITE, type SearchProblem } from './problem.ts';
import { StateTable } from './state-table.ts';

/** A problem, and what its states are in words. */
export interface ModelProblem extends SearchProblem {
  describe(state: number): string;
}

/**
 * The operations `from` to `to` as operations of `model`: one problem for each independent part of the
 * object.
 */
export function modelProblems(
  model: AnyModel,
  intervals: Intervals,
  from: number,
  to: number,
): ModelProblem[] {
  const rows = operationsOf(model, intervals, from, to);
  const operations = rows.map(([, operation]) => operation);
  return partitions(model, operations).map((members) => {
    const own = members.map((i) => operations[i]!);
    return problem(
      model,
      own,
      intervals,
      int32Column(members, (i) => rows[i]![0]),
    );
  });
}

/** The rows `from` to `to` of which the model says something, each with what it sees of it. */
export function operationsOf(
  model: AnyModel,
  intervals: Intervals,
  from: number,
  to: number,
): (readonly [row: number, operation: ModelOperation])[] {
  const out: [number, ModelOperation][] = [];
  for (let row = from; row < to; row++) {
    const operation = operationAt(model, intervals, row);
    if (operation !== undefined) out.push([row, operation]);
  }
  return out;
}

/** What the model sees of row `i`; undefined when it says nothing. */
function operationAt(
  model: AnyModel,
  { history, call, ret, outcome }: Intervals,
  i: number,
): ModelOperation | undefined {
  const event = call[i]!;
  const f = history.fName(event);
  const type = outcome[i]!;
  const completion = type === INFO ? -1 : ret[i]!;
  if (type !== OK && type !== INFO && model.refuses?.(f, history.error(completion)) !== true)
    return undefined;
  const operation = {
    f,
    argument: history.value(event),
    result: type === OK ? history.value(completion) : undefined,
    outcome: OP_TYPES[type] as ModelOperation['outcome'],
    process: history.process[event]!,
  };
  const idle = type === INFO && model.effect?.(operation) === 'none';
  return idle ? undefined : operation;
}

function partitions(model: AnyModel, operations: readonly ModelOperation[]): (readonly number[])[] {
  const parts = new Map<Key, number[]>();
  for (let i = 0; i < operations.length; i++) {
    const part = model.partition?.(operations[i]!);
    if (part === undefined) return [operations.map((_, j) => j)];
    const members = parts.get(part);
    if (members === undefined) parts.set(part, [i]);
    else members.push(i);
  }
  return [...parts.values()];
}

function problem(
  model: AnyModel,
  operations: readonly ModelOperation[],
  intervals: Intervals,
  rows: Int32Array,
): ModelProblem {
  const { kind, samples } = kindsOf(operations);
  const call = rows.map((row) => intervals.call[row]!);
  const ret = rows.map((row) => intervals.ret[row]!);
  const states = new StateTable(model, samples);
  return {
    count: rows.length,
    call,
    ret,
    kind,
    optional: uint8Column(ret, (time) => (time === NEVER ? 1 : 0)),
    effect: uint8Column(samples, (sample) => effectOf(model, sample)),
    automaton: states,
    additive: model.additive,
    describe(state) {
      const value = states.states[state];
      return model.describe?.(value) ?? formatValue(value);
    },
  };
}

/** Operations that a model can't tell apart are of one kind; of each kind there is a sample. */
export function kindsOf(operations: readonly ModelOperation[]): {
  readonly kind: Int32Array;
  readonly samples: readonly ModelOperation[];
} {
  const kinds = new Map<unknown, number>();
  const samples: ModelOperation[] = [];
  const kind = int32Column(operations, (operation) => {
    const name = identity([operation.f, operation.argument, operation.outcome, operation.result]);
    let id = kinds.get(name);
    if (id === undefined) {
      kinds.set(name, (id = samples.length));
      samples.push(operation);
    }
    return id;
  });
  return { kind, samples };
}

function effectOf(model: AnyModel, operation: ModelOperation): number {
  const effect = model.effect?.(operation);
  return effect === 'none' ? NONE : effect === 'overwrite' ? OVERWRITE : ANY;
}
