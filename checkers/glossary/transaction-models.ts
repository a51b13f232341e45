import type { ConsistencyModel } from '../transactions/models.ts';

/** What each consistency model of transactions promises, in a clause. Which implies which stands in `models.ts`. */
export const TRANSACTION_MODELS: Readonly<Record<ConsistencyModel, string>> = {
  'strict-serializable':
    'transactions take effect one by one, each at an instant between its call and its answer',
  'strong-session-serializable':
    "transactions take effect one by one, in an order that keeps each client's own order",
  'strong-snapshot-isolation':
    'snapshot isolation, and a snapshot holds all that was committed before its transaction began',
  serializable: 'the outcome is one that running the transactions one by one, in some order, could have had',
  'strong-session-snapshot-isolation':
    'snapshot isolation, and a snapshot holds all that its client has committed before',
  'snapshot-isolation':
    'each transaction reads one consistent snapshot, and of two that change the same thing at once one aborts',
  'update-serializable':
    'the transactions that write are serializable, and each that only reads sees a state they passed through',
  'repeatable-read': 'serializable, but for reads by a condition',
  'parallel-snapshot-isolation':
    'snapshot isolation in which different sites may see commits in different orders, causes first',
  prefix: 'each transaction sees all commits up to some point of one order of them',
  'forward-consistent-view': 'a transaction sees a consistent view, which may move on while it runs',
  'consistent-view':
    'a transaction that sees another, or what another led to, misses nothing that these depend on',
  'monotonic-snapshot-read': 'reads come from snapshots that only move forward while a transaction runs',
  'monotonic-view': 'what a transaction sees only grows while it runs',
  causal:
    'whoever sees a transaction has seen all that led to it, also in earlier transactions of its client',
  'strong-session-read-atomic': 'read atomic, counting what the same client did before',
  'strong-session-monotonic-atomic-view': 'monotonic atomic view, counting what the same client did before',
  'causal-cerone': 'whoever sees a transaction has seen all that led to it',
  'update-atomic': 'read atomic, and no update of a version is lost',
  'read-atomic': 'a transaction is seen whole or not at all',
  'monotonic-atomic-view': 'once a part of a transaction is seen, no later read misses the rest',
  'cursor-stability': 'read committed, and no update through a cursor is lost',
  'strong-read-committed': 'read committed, in an order that keeps real time',
  'strong-session-read-committed': "read committed, in an order that keeps each client's own order",
  'strong-read-uncommitted': 'writes do not interleave, in an order that keeps real time',
  'strong-session-read-uncommitted':
    "writes do not interleave, in an order that keeps each client's own order",
  'read-committed': 'nobody reads what was aborted, overwritten within its transaction, or not yet there',
  'read-uncommitted': 'the writes of transactions do not interleave',
  PRAM: "each client sees the transactions of every client in that client's order",
  'read-your-writes': 'a client sees what it has itself written',
  'monotonic-reads': 'a client goes on seeing what it has seen',
  'monotonic-writes': 'who sees a transaction sees what its client wrote before it',
  'writes-follow-reads': 'who sees a transaction sees what its client had read before it',
};
