import type { Anomaly, Verdict } from '../../checkers/checker.ts';
import { isUntimed } from '../../checkers/describe.ts';
import { type FaultSpan, faultsOf } from '../../checkers/fault-spans.ts';
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

/** A fault that was at work during a proof. */
export interface ProofFault {
  readonly kind: string;
  readonly value: unknown;
  readonly begin: Nanos;
  /** Absent when it was never repaired. */
  readonly end: Nanos | undefined;
}

/** The operations that prove an anomaly, and the world in which they took place. Plain data. */
export interface Proof {
  /** The object that the anomaly is about, if it is about one. */
  readonly key: Key | undefined;
  readonly rows: readonly ProofRow[];
  /** Whether the times are no more than the indices of the events. */
  readonly untimed: boolean;
  /** The last faults that began before the proof was complete and were at work during some of it. */
  readonly faults: readonly ProofFault[];
  /** How many earlier ones there were. */
  readonly moreFaults: number;
}

/** For each verdict, the proof of its first anomaly. */
export type Proofs = readonly (Proof | undefined)[];

const MOST_FAULTS = 4;

export function proofsOf(verdicts: readonly Verdict[], history: History): Proofs {
  if (verdicts.every(({ anomalies }) => anomalies.length === 0)) return verdicts.map(() => undefined);
  const { spans } = faultsOf(history);
  return verdicts.map(({ anomalies: [first] }) =>
    first === undefined ? undefined : proofOf(first, history, spans),
  );
}

function proofOf(anomaly: Anomaly, history: History, spans: readonly FaultSpan[]): Proof {
  const rows = proofRows(history, anomaly);
  const begin = Math.min(...rows.map(({ start }) => start));
  const end = Math.max(...rows.map((row) => row.end ?? row.start));
  const meanwhile = spans
    .filter((span) => span.begin <= end && span.end >= begin)
    .map((span) => ({
      kind: span.kind,
      value: history.value(span.from),
      begin: span.begin,
      end: Number.isFinite(span.end) ? span.end : undefined,
    }));
  const faults = meanwhile.slice(-MOST_FAULTS);
  return {
    key: anomaly.key,
    rows,
    untimed: isUntimed(history),
    faults,
    moreFaults: meanwhile.length - faults.length,
  };
}

/** The operations that prove an anomaly, in the order in which they began. */
function proofRows(history: History, anomaly: Anomaly): ProofRow[] {
  const firsts = new Set(anomaly.ops.map((i) => (isCompletion(history, i) ? history.pair[i]! : i)));
  return [...firsts].sort((a, b) => a - b).map((i) => rowOf(history, i));
}

function isCompletion(history: History, i: number): boolean {
  return history.type[i] !== INVOKE && history.pair[i]! >= 0;
}

/** The operation that event `i` begins. */
export function rowOf(history: History, i: number): ProofRow {
  const op = history.op(i);
  const end = history.pair[i]!;
  const last = end < 0 ? i : end;
  return {
    first: i,
    last,
    start: op.time,
    end: end < 0 ? undefined : history.time[end]!,
    process: op.process,
    node: history.node(last) ?? op.node,
    f: op.f,
    key: op.key,
    asked: op.value,
    outcome: OP_TYPES[history.type[last]!]!,
    answered: end < 0 ? undefined : history.value(end),
    error: history.error(last),
  };
}
