import type { NodeId } from '../../../../faults/fault.ts';

/** What a transaction does, over all shards that it touches. */
export type Work =
  | {
      readonly f: 'transfer';
      readonly txn: number | string;
      readonly participants: readonly NodeId[];
      readonly from: string;
      readonly to: string;
      readonly amount: number;
    }
  | {
      readonly f: 'read';
      readonly txn: number | string;
      readonly participants: readonly NodeId[];
      readonly accounts: readonly string[];
    };

export type Decision = 'commit' | 'abort';

/** What a node did about a transaction, and when by its own clock (ns): the event that the checker reads. */
export type Event = readonly [what: 'yes' | 'no' | Decision, txn: number | string, time: number];

/** The node that keeps an account: it stands before the colon of the account's name. */
export function shardOf(account: string): NodeId {
  return account.slice(0, account.indexOf(':'));
}

/** A client's request as a transaction: a transfer has a name already, a read gets `name`. */
export function workOf(f: string, value: unknown, name: string): Work {
  if (f === 'transfer') return { f, ...(value as Omit<Extract<Work, { f: 'transfer' }>, 'f'>) };
  const accounts = value as readonly string[];
  return { f: 'read', txn: name, participants: [...new Set(accounts.map(shardOf))], accounts };
}
