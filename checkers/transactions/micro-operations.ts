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
  const { size, status, invoke, complete } = frame;
  const writeName = dialect === 'list-append' ? 'append' : 'w';
  const firstOp = new Int32Array(size + 1);
  const columns = new OpColumns();
  const keys = new KeyIds();
  const values = new ValueIds();
  for (let t = 0; t < size; t++) {
    firstOp[t] = columns.length;
    const answered = status[t] === OK;
    const event = answered && history.value(complete[t]!) != null ? complete[t]! : invoke[t]!;
    const txn = history.value(event);
    if (!Array.isArray(txn)) throw malformed(history, event, 'a list of micro-operations');
    for (const micro of txn as readonly unknown[]) {
      if (!Array.isArray(micro)) throw malformed(history, event, 'a list of micro-operations');
      const kind = micro[0] as unknown;
      if (kind === 'r') {
        if (!answered) continue;
        const result = micro[2] as unknown;
        if (dialect === 'rw-register') {
          columns.add(t, READ, keys.id(micro[1]), result == null ? NIL : values.id(result), undefined);
          continue;
        }
        const list = result ?? NOTHING;
        if (!Array.isArray(list))
          throw malformed(history, event, 'micro-operations whose reads return lists');
        columns.add(t, READ, keys.id(micro[1]), list.length, list);
      } else if (kind === writeName && micro[2] != null) {
        columns.add(t, WRITE, keys.id(micro[1]), values.id(micro[2]), undefined);
      } else {
        throw malformed(history, event, `micro-operations ["r", key, ...] and ["${writeName}", key, value]`);
      }
    }
  }
  firstOp[size] = columns.length;
  return { history, ...frame, firstOp, ...columns.finish(), keyNames: keys.names, values };
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

/** Columns that grow. */
class OpColumns {
  length = 0;
  private opTxn = new Int32Array(1024);
  private opKind = new Uint8Array(1024);
  private opKey = new Int32Array(1024);
  private opValue = new Int32Array(1024);
  private readonly lists: (readonly unknown[] | undefined)[] = [];

  add(txn: number, kind: number, key: number, value: number, list: readonly unknown[] | undefined): void {
    const o = this.length++;
    if (o === this.opTxn.length) this.grow();
    this.opTxn[o] = txn;
    this.opKind[o] = kind;
    this.opKey[o] = key;
    this.opValue[o] = value;
    this.lists.push(list);
  }

  finish(): Pick<Transactions, 'opTxn' | 'opKind' | 'opKey' | 'opValue' | 'lists'> {
    const n = this.length;
    return {
      opTxn: this.opTxn.slice(0, n),
      opKind: this.opKind.slice(0, n),
      opKey: this.opKey.slice(0, n),
      opValue: this.opValue.slice(0, n),
      lists: this.lists,
    };
  }

  private grow(): void {
    const larger = this.opTxn.length * 2;
    this.opTxn = extended(this.opTxn, new Int32Array(larger));
    this.opKind = extended(this.opKind, new Uint8Array(larger));
    this.opKey = extended(this.opKey, new Int32Array(larger));
    this.opValue = extended(this.opValue, new Int32Array(larger));
  }
}

function extended<A extends { set(from: A): void }>(from: A, to: A): A {
  to.set(from);
  return to;
}

/** The event that stands for a transaction in a proof: its completion, or its invocation where there is none. */
export function eventOf(txns: Transactions, t: number): number {
  return txns.complete[t]! < 0 ? txns.invoke[t]! : txns.complete[t]!;
}

/** The events that stand for transactions in a proof, in order. */
export function events(txns: Transactions, members: readonly number[]): number[] {
  return [...new Set(members)].map((t) => eventOf(txns, t)).sort((a, b) => a - b);
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
