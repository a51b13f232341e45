/** Nanoseconds since the run began: an integer, exact in a JS number for 104 days. */
export type Nanos = number;

/** A logical client: numbered, or the one that injects faults. A process has at most one open operation. */
export type Process = number | 'nemesis';

/**
 * What happened to an operation, in Jepsen's sense: `ok` took effect, `fail` surely had no effect,
 * `info` may or may not have had one, now or at any later time.
 */
export type OpType = 'invoke' | 'ok' | 'fail' | 'info';

/** Which of many independent objects an operation is about; absent when there is just one. */
export type Key = string | number;

/** One event of a history. */
export interface Op {
  readonly index: number;
  readonly time: Nanos;
  readonly process: Process;
  readonly type: OpType;
  readonly f: string;
  readonly value: unknown;
  readonly key?: Key | undefined;
  /** The node that the client talked to. */
  readonly node?: string | undefined;
  /** Why a completion is `fail` or `info`: a short code. */
  readonly error?: string | undefined;
}

/** An event before the history gives it its index. */
export type OpEvent = Omit<Op, 'index'>;

export const INVOKE = 0;
export const OK = 1;
export const FAIL = 2;
export const INFO = 3;

/** Names of the numeric codes in the `type` column. */
export const OP_TYPES: readonly OpType[] = ['invoke', 'ok', 'fail', 'info'];

export const TYPE_CODE: Readonly<Record<OpType, number>> = { invoke: INVOKE, ok: OK, fail: FAIL, info: INFO };

/** The nemesis in the `process` column. */
export const NEMESIS = -1;
