/** What a system may promise for safety, each with what it means, in a clause. Workloads choose their checkers by it. */
export const GUARANTEES = {
  linearizable: 'every operation takes effect at one instant between its call and its answer',
  'strict-serializable': 'every transaction takes effect at one instant between its call and its answer',
  serializable: 'transactions take effect one by one, in some order',
  'repeatable-read': 'as serializable, but for what a condition would find',
  'snapshot-isolation':
    'a transaction reads the state of one instant, and what it writes nobody else has written since',
  'read-committed': 'a transaction reads only what others have committed, in its last version',
  regular: 'a read returns the last write that was complete when it began, or one that overlaps it',
  causal: 'whoever sees a write has seen everything that led to it',
  eventual: 'once updates and faults are over, all replicas become alike and hold every acknowledged update',
  'strong-eventual':
    'replicas that have had the same updates are alike at all times, and each update reaches every replica',
  'strong-list':
    'nothing of a text is lost, and all its elements, deleted ones too, have one order that every replica shows',
  'weak-list':
    'nothing of a text is lost, and elements that are seen together stand in the same order everywhere',
  'atomic-commitment':
    'a transaction takes effect at all its nodes or at none, and only if each has said yes',
  consensus: 'all decide the same, once, and something that somebody proposed',
  'mutual-exclusion': 'a lock is held by one client at a time',
  fencing: 'who has lost a lock can no longer change what it protects',
  'byzantine-agreement': 'all honest nodes decide the same, and what the commander ordered if he is honest',
  'coordinated-attack': 'all attack, or none does',
  'clock-bound':
    'a clock is as near to true time as it says, goes back only by a large step, and elapsed times are right',
  'clock-condition': 'an event that led to another has the smaller timestamp',
  'strong-clock-condition': 'an event has the smaller timestamp if and only if it led to the other',
  'best-effort-broadcast':
    'what a node that lives broadcasts, every node that lives delivers, once, and nothing else',
  'reliable-broadcast':
    'what one node that lives delivers, every node that lives delivers, even if the sender dies',
  'fifo-broadcast': "reliable, and every node delivers each sender's messages in the sender's order",
  'causal-broadcast':
    'FIFO, and every node delivers a message after all that its sender had delivered before',
  'total-order-broadcast': 'reliable, and all nodes deliver in the same order',
  'fifo-total-order-broadcast': "total order, and each sender's messages keep the sender's order in it",
} as const satisfies Readonly<Record<string, string>>;

/** What a system promises, by the name of the property. */
export type Guarantee = keyof typeof GUARANTEES;
