import type { Anomaly, Verdict } from '../../checkers/checker.ts';
import type { History } from '../../histories/history.ts';
import { INVOKE, type Key, OP_TYPES, type OpType, type Process } from '../../histories/op.ts';
import type { Nanos } from '../world/nanos.ts';

/** One operation of a proof, its two events together. Plain data, so that it can leave a worker thread. */
export interface ProofRow {
  /** Indices of its events; the same where it was never answered. */
  readonly first: number;
  readonly last: number;
  readonly start: Nanos;
  /** Absent when it was never answered. */
  readonly end: Nanos | undefined;
  readonly process: Process;
  readonly node: string | undefined;
  readonly f: string;
  readonly key: Key | undefined;
  /** What was asked for. */
  readonly asked: unknown;
  readonly outcome: OpType;
  /** What came back, if the operation succeeded. */
  readonly answered: unknown;
  readonly error: string | undefined;
}

/** For each verdict, the operations that prove its first anomaly. */
export type Proofs = readonly (readonly ProofRow[])[];

export function proofsOf(verdicts: readonly Verdict[], history: History): Proofs {
  return verdicts.map(({ anomalies: [first] }) => (first === undefined ? [] : proofRows(history, first)));
}

/** The operations that prove an anomaly, in the order in which they began. */
export function proofRows(history: History, anomaly: Anomaly): ProofRow[] {
  const firsts = new Set(anomaly.ops.map((i) => (isCompletion(history, i) ? history.pair[i]! : i)));
  return [...firsts].sort((a, b) => a - b).map((i) => rowOf(history, i));
}

function isCompletion(history: History, i: number): boolean {
  return history.type[i] !== INVOKE && history.pair[i]! >= 0;
}

function rowOf(history: History, i: number): ProofRow {
  const op = history.op(i);
  const end = history.pair[i]!;
  const last = end < 0 ? i : end;
  return {
    first: i,
    last,
    start: op.time,
    end: end < 0 ? undefined : history.time[end]!,
    process: op.process,
    node: op.node,
    f: op.f,
    key: op.key,
    asked: op.value,
    outcome: OP_TYPES[history.type[last]!]!,
    answered: end < 0 ? undefined : history.value(end),
    error: history.error(last),
  };
}
