import { ALL_MONEY, FIRST_ACCOUNT } from '../../../world/bank-accounts.ts';
import type { Completion, Invocation } from '../../../world/client.ts';

/** What a transaction has read, or writes, by key. */
export type Workspace = Map<string, unknown>;

/** What a workload's operation is to the database. */
export interface Transaction {
  /** Keys that it reads; null: all that there are. */
  readonly reads: readonly string[] | null;
  readonly writes: readonly string[];
  /** What it answers and writes, having read this; a completion that fails commits nothing. */
  run(read: Workspace): { readonly completion: Completion; readonly written: Workspace };
}

type MicroOperation = readonly [f: 'r' | 'append', key: string | number, value: unknown];

const NOTHING: Workspace = new Map();
const ACCOUNT = 'account:';

/** What the keys of a workload hold before anybody has written them. */
export function firstValues(workload: string): ReadonlyMap<string, unknown> {
  return workload === 'bank' ? new Map([[`${ACCOUNT}${FIRST_ACCOUNT}`, ALL_MONEY]]) : NOTHING;
}

export function transactionOf(workload: string, { f, value }: Invocation): Transaction {
  if (workload !== 'bank') return listTransaction(value as readonly MicroOperation[]);
  return f === 'read' ? statement() : transfer(value as Parameters<typeof transfer>[0]);
}

function listTransaction(operations: readonly MicroOperation[]): Transaction {
  const keysOf = (f: string) => operations.filter(([micro]) => micro === f).map(([, key]) => String(key));
  return {
    reads: keysOf('r'),
    writes: keysOf('append'),
    run(read) {
      const lists: Workspace = new Map(read);
      const value = operations.map(([f, key, element]) => {
        const list = (lists.get(String(key)) ?? null) as readonly unknown[] | null;
        if (f === 'r') return [f, key, list];
        lists.set(String(key), [...(list ?? []), element]);
        return [f, key, element];
      });
      const written = new Map(keysOf('append').map((key) => [key, lists.get(key)]));
      return { completion: { type: 'ok', value }, written };
    },
  };
}

function transfer(move: {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}): Transaction {
  const [from, to] = [`${ACCOUNT}${move.from}`, `${ACCOUNT}${move.to}`];
  return {
    reads: [],
    writes: [from, to],
    run(read) {
      const balance = (account: string) => (read.get(account) ?? 0) as number;
      if (balance(from) < move.amount)
        return { completion: { type: 'fail', error: 'insufficient' }, written: NOTHING };
      const written: Workspace = new Map([
        [from, balance(from) - move.amount],
        [to, balance(to) + move.amount],
      ]);
      return { completion: { type: 'ok' }, written };
    },
  };
}

function statement(): Transaction {
  return {
    reads: null,
    writes: [],
    run(read) {
      // An account that is in use now may not have been then.
      const used = [...read].filter(([, value]) => value !== null);
      const balances = used.map(([key, value]) => [key.slice(ACCOUNT.length), value] as const);
      return { completion: { type: 'ok', value: Object.fromEntries(balances) }, written: NOTHING };
    },
  };
}
