import type { History } from '../../../histories/history.ts';
import { INFO, INVOKE, NEMESIS, OP_TYPES } from '../../../histories/op.ts';

/** What an object that nobody else uses does with one operation. */
export interface Applied<S> {
  readonly state: S;
  readonly type: 'ok' | 'fail';
  readonly value: unknown;
  /** Why it failed. */
  readonly error?: string;
}

/** The definition of an object: what it does, one operation at a time. */
export interface SequentialObject<S> {
  readonly init: S;
  apply(state: S, f: string, value: unknown): Applied<S>;
  /** Whether a failure with this error tells that the object itself refused; otherwise it tells nothing. */
  refuses?(f: string, error: string | undefined): boolean;
}

interface Pending {
  readonly call: number;
  readonly ret: number;
  readonly f: string;
  readonly argument: unknown;
  readonly type: 'ok' | 'fail' | 'info';
  readonly value: unknown;
}

/** Linearizability by its definition: tries every order of the operations. Only for a handful of them. */
export function isLinearizable<S>(history: History, object: SequentialObject<S>): boolean {
  const ops: Pending[] = [];
  for (let i = 0; i < history.length; i++) {
    if (history.type[i] !== INVOKE || history.process[i] === NEMESIS) continue;
    const completion = history.pair[i]!;
    const type = OP_TYPES[completion < 0 ? INFO : history.type[completion]!] as Pending['type'];
    const f = history.fName(i);
    if (type === 'fail' && object.refuses?.(f, history.error(completion)) !== true) continue;
    const ret = type === 'info' ? Number.POSITIVE_INFINITY : completion;
    ops.push({
      call: i,
      ret,
      f,
      argument: history.value(i),
      type,
      value: type === 'ok' ? history.value(completion) : undefined,
    });
  }
  return canOrder(ops, object.init, object);
}

function canOrder<S>(left: readonly Pending[], state: S, object: SequentialObject<S>): boolean {
  if (left.every((op) => op.type === 'info')) return true;
  const firstReturn = Math.min(...left.map((op) => op.ret));
  return left.some((op) => {
    if (op.call > firstReturn) return false;
    const applied = object.apply(state, op.f, op.argument);
    if (op.type !== 'info' && applied.type !== op.type) return false;
    if (op.type === 'ok' && JSON.stringify(applied.value ?? null) !== JSON.stringify(op.value ?? null))
      return false;
    const others = left.filter((other) => other !== op);
    return canOrder(others, applied.state, object);
  });
}
