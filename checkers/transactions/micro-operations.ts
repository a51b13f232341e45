import type { History } from '../../histories/history.ts';
import { INFO, INVOKE, OK } from '../../histories/op.ts';
import { malformed } from '../malformed.ts';
import { KeyIds, NIL, ValueIds } from './value-ids.ts';

export const READ = 0;
export const WRITE = 1;

/** What a workload's transactions are made of. */
export type Dialect = 'list-append' | 'rw-register';

/**
 * The transactions of a history in columns, numbered in the order of their invocations. Micro-operation `o` of
 * transaction `t` has `firstOp[t] <= o < firstOp[t + 1]`. Of transactions that failed or whose outcome is unknown only
 * the writes stand here: nobody was told what they read.
 */
export interface Transactions {
  readonly history: History;
  readonly size: number;
  /** Event indices; `complete` is -1 where no completion was recorded. */
  readonly invoke: Int32Array;
  readonly complete: Int32Array;
  /** `OK`, `FAIL` or `INFO`, the last also without a completion. */
  readonly status: Uint8Array;
  /**
   * Dense number of the process. Where a process goes on after a transaction whose outcome is unknown, that transaction
   * stands alone in a session of its own: it may take effect at any later time.
   */
  readonly session: Int32Array;
  readonly sessionCount: number;
  /** The first transaction invoked after this one completed; `size` when it is not `OK` or there is none. */
  readonly after: Int32Array;
  readonly firstOp: Int32Array;
  /** The transaction of each micro-operation. */
  readonly opTxn: Int32Array;
  readonly opKind: Uint8Array;
  readonly opKey: Int32Array;
  /** What was written, or read from a register, by number; `NIL` for a read of nothing. The length of a list read. */
  readonly opValue: Int32Array;
  /** The list that each read returned; undefined for whatever else. */
  readonly lists: readonly (readonly unknown[] | undefined)[];
  readonly keyNames: readonly unknown[];
  readonly values: ValueIds;
}

const NOTHING: readonly unknown[] = [];

/** Reads the transactions out of a history. Throws a `MalformedOp` for a value that is no list of micro-operations. */
export function readTransactions(history: History, dialect: Dialect): Transactions {
  const frame = readFrame(history);
  const { size, status } = frame;
  const writeName = dialect === 'list-append' ? 'append' : 'w';
  const firstOp = new Int32Array(size + 1);
  // Counting first spares copies of columns that grow, and with them collections of a heap that holds the history.
  let most = 0;
  for (let t = 0; t < size; t++) most += microsOf(history, frame, t).length;
  const opTxn = new Int32Array(most);
  const opKind = new Uint8Array(most);
  const opKey = new Int32Array(most);
  const opValue = new Int32Array(most);
  const lists: (readonly unknown[] | undefined)[] = [];
  const keys = new KeyIds();
  const values = new ValueIds();
  let o = 0;
  for (let t = 0; t < size; t++) {
    firstOp[t] = o;
    for (const micro of microsOf(history, frame, t)) {
      const [kind, key, value] = micro as readonly unknown[];
      if (kind === 'r') {
        if (status[t] !== OK) continue;
        opKind[o] = READ;
        if (dialect === 'rw-register') opValue[o] = value == null ? NIL : values.id(value);
        else {
          const list = value ?? NOTHING;
          if (!Array.isArray(list)) throw malformed(history, eventRead(history, frame, t), 'reads of lists');
          opValue[o] = list.length;
          lists[o] = list;
        }
      } else if (kind === writeName && value != null) {
        opKind[o] = WRITE;
        opValue[o] = values.id(value);
        if (dialect === 'list-append') lists[o] = undefined;
      } else {
        const expected = `micro-operations ["r", key, ...] and ["${writeName}", key, value]`;
        throw malformed(history, eventRead(history, frame, t), expected);
      }
      opTxn[o] = t;
      opKey[o] = keys.id(key);
      o++;
    }
  }
  firstOp[size] = o;
  const columns = {
    opTxn: opTxn.subarray(0, o),
    opKind: opKind.subarray(0, o),
    opKey: opKey.subarray(0, o),
    opValue: opValue.subarray(0, o),
  };
  return { history, ...frame, firstOp, ...columns, lists, keyNames: keys.names, values };
}

/** The event that tells a transaction's micro-operations: what it read is known only once it is acknowledged. */
function eventRead(history: History, { status, invoke, complete }: Frame, t: number): number {
  return status[t] === OK && history.value(complete[t]!) != null ? complete[t]! : invoke[t]!;
}

function microsOf(history: History, frame: Frame, t: number): readonly unknown[] {
  const event = eventRead(history, frame, t);
  const micros = history.value(event);
  if (!Array.isArray(micros)) throw malformed(history, event, 'a list of micro-operations');
  for (const micro of micros) {
    if (!Array.isArray(micro)) throw malformed(history, event, 'a list of micro-operations');
  }
  return micros;
}

type Frame = Pick<
  Transactions,
  'size' | 'invoke' | 'complete' | 'status' | 'session' | 'sessionCount' | 'after'
>;

/** When each transaction began and ended, and in which session. */
function readFrame(history: History): Frame {
  const txn = history.fCode('txn');
  const { f, type, process, pair } = history;
  let size = 0;
  for (let i = 0; i < history.length; i++) if (begins(i)) size++;
  const invoke = new Int32Array(size);
  const complete = new Int32Array(size).fill(-1);
  const status = new Uint8Array(size).fill(INFO);
  const session = new Int32Array(size);
  const after = new Int32Array(size).fill(size);
  const sessions = new Map<number, number>();
  const lastOf: number[] = [];
  let sessionCount = 0;
  const begun = new Int32Array(history.length);
  let next = 0;
  for (let i = 0; i < history.length; i++) {
    if (begins(i)) {
      invoke[next] = i;
      let s = sessions.get(process[i]!);
      if (s === undefined) sessions.set(process[i]!, (s = sessionCount++));
      const before = lastOf[s];
      if (before !== undefined && status[before] === INFO) session[before] = sessionCount++;
      session[next] = s;
      lastOf[s] = next;
      begun[i] = next++;
    }
    if (f[i] !== txn || process[i]! < 0 || type[i] === INVOKE) continue;
    const t = begun[pair[i]! < 0 ? i : pair[i]!]!;
    complete[t] = i;
    status[t] = type[i]!;
    if (type[i] === OK) after[t] = next;
  }
  return { size, invoke, complete, status, session, sessionCount, after };

  /** An invocation, or a completion that stands alone, as in histories that recorded nothing else. */
  function begins(i: number): boolean {
    return f[i] === txn && process[i]! >= 0 && (type[i] === INVOKE || pair[i]! < 0);
  }
}

/** The event that stands for a transaction in a proof: its completion, or its invocation where there is none. */
export function eventOf(txns: Transactions, t: number): number {
  return txns.complete[t]! < 0 ? txns.invoke[t]! : txns.complete[t]!;
}

/** The events that stand for transactions in a proof, in order. */
export function events(txns: Transactions, members: readonly number[]): number[] {
  return [...new Set(members)].map((t) => eventOf(txns, t)).sort((a, b) => a - b);
}

/** The acknowledged transactions in the order of their completions. */
export function acknowledged({ history, size, status, complete }: Transactions): Int32Array {
  /** By event, one more than the transaction that it completes; sorting a million of them would take longer. */
  const completed = new Int32Array(history.length);
  let count = 0;
  for (let t = 0; t < size; t++) {
    if (status[t] !== OK) continue;
    completed[complete[t]!] = t + 1;
    count++;
  }
  const out = new Int32Array(count);
  let end = 0;
  for (const t of completed) if (t > 0) out[end++] = t - 1;
  return out;
}

/** The first write of a transaction to a key, or -1. */
export function firstWrite({ firstOp, opKind, opKey }: Transactions, t: number, key: number): number {
  for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) if (opKind[o] === WRITE && opKey[o] === key) return o;
  return -1;
}

/** Whether write `o` is the last of its transaction to its key. */
export function isFinalWrite({ opTxn, opKind, opKey, firstOp }: Transactions, o: number): boolean {
  const end = firstOp[opTxn[o]! + 1]!;
  for (let p = o + 1; p < end; p++) if (opKind[p] === WRITE && opKey[p] === opKey[o]) return false;
  return true;
}
