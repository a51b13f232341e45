import { ANOMALY_KINDS, type AnomalyKind, REFUTES } from '../transactions/anomalies.ts';

/** What the anomalies of transactions mean; those that count session order or real time follow from these. */
const TRANSACTIONS = {
  G0: 'write cycle: transactions overwrote each other in a circle, so their writes interleaved',
  'duplicate-elements': 'an element was appended once and stands in a list twice',
  'cyclic-versions': 'the versions of a key follow each other in a circle',
  'garbage-read': 'a read returned an element that nobody ever wrote',
  'dirty-update': 'a committed transaction built on a version that an aborted one had written',
  G1a: 'aborted read: a transaction read what an aborted one had written',
  G1b: 'intermediate read: a transaction read a value that its writer itself overwrote before it committed',
  'future-read': 'a transaction read what it, or nobody yet, had written only later',
  'incompatible-order': 'two reads of one key saw its elements in different orders',
  G1c: 'circular information flow: each transaction saw, or overwrote, what another wrote, around',
  'observed-transaction-vanishes':
    'a transaction saw a part of what another wrote, and then missed the rest of it',
  internal: 'a read disagrees with what the same transaction read or wrote before',
  'fractured-read': 'a transaction saw one half of what another wrote, and missed the other half',
  'causality-violation': 'a transaction saw an effect, and missed what had caused it',
  'lost-update': 'two transactions changed the same version of a key, so one change is gone',
  'update-atomic-violation':
    'transactions that changed the same key did not see each other whole, in any order',
  'G-single-item':
    'read skew: a transaction saw a state that never was, from before one write and after another',
  'prefix-violation':
    'transactions saw commits in different orders, like two that miss each other (long fork)',
  'G-nonadjacent-item': 'several transactions missed others in a circle, but no two in a row',
  'G-update': 'the transactions that write, and what one reader saw of them, fit in no order',
  'G2-item': 'write skew: transactions read what the others were about to change, in a circle',
  'read-your-writes-violation': 'a session missed what it had itself written before',
  'monotonic-reads-violation': 'a session missed what it had seen before',
  'monotonic-writes-violation': "somebody saw a session's later write and missed its earlier one",
  'writes-follow-reads-violation': 'somebody saw a write and missed what its writer had read before it',
  'PRAM-violation':
    'no order of all writes that keeps the order of each session explains what one session read',
} as const satisfies Partial<Record<AnomalyKind, string>>;

/** The word that ends an anomaly's name → what counts besides what transactions saw. */
const COUNTED_BESIDES = {
  '-process': 'the order in which each client ran its transactions',
  '-realtime': 'real time: what was acknowledged came before what was asked later',
} as const;

/** What all other anomalies mean. One name may serve several checkers: the idea is the same. */
const OTHERS = {
  // Single objects (Herlihy and Wing 1990).
  nonlinearizable:
    'no order of the operations, each at one instant between its call and its answer, explains the answers',
  'stale-read': 'a read returned a value that had been overwritten before the read began',
  'future-read': 'a read returned a value that was written only after it',
  'thin-air-read': 'a read returned a value that nobody ever wrote',
  'failed-write-read': 'a read returned the value of a write that surely failed',
  'cas-cycle': 'compare-and-sets each took the value that another had put, in a circle',
  'false-mismatch':
    'a compare-and-set was refused for a mismatch, though all the while the value was the expected one',
  nonsequential: "no order of the operations that keeps each process's own order explains the answers",
  // Causal consistency: the bad patterns of Bouajjani et al. 2017.
  CyclicCO: 'operations lead to each other in a circle',
  WriteCOInitRead: 'a read found nothing, though its process knew of a write',
  ThinAirRead: 'a read returned a value that nobody ever wrote',
  WriteCORead: 'a read returned a value though its process knew of the write that replaced it',
  CyclicCF:
    'no one order of the writes fits what every process read: the replicas disagree about which came last',
  WriteHBInitRead: 'a read found nothing, though all that its process knew contained a write',
  CyclicHB: 'no one order of the writes explains what one process read, given all that led to it',
  NoView: "no one order of the writes that keeps each process's own order explains what one process read",
  'read-your-writes': 'a process missed what it had itself written',
  'monotonic-reads': 'a process read an older state than it had seen before',
  'monotonic-writes': 'the writes of one process were seen out of their order',
  'writes-follow-reads': 'a write was seen without what its writer had read before',
  // Sets, queues, counters, logs: Jepsen's vocabulary.
  lost: 'what was acknowledged is gone',
  stale: 'an acknowledged element was missing for a while, though it was not lost',
  unexpected: 'something was there that nobody put there',
  duplicated: 'something put once was there twice',
  duplicate: 'something put once was there twice',
  'false-empty': 'a queue was said to be empty while an element surely stood in it',
  'wrong-order': 'elements came out in an order in which they did not go in',
  'out-of-bounds': 'a counter showed more, or less, than the additions allow',
  'wrong-sum': 'a counter ended on a sum that no choice among the uncertain additions gives',
  'no-balance': 'an account had no balance, or one that is no amount',
  'negative-balance': 'an account went below zero where it must not',
  'wrong-total': 'money appeared or vanished: the accounts read together do not add up',
  'long-fork': 'two readers saw two independent writes in opposite orders',
  'causal-reverse':
    'a later write was seen without an earlier one that had been acknowledged before it began',
  'time-order': 'values grow where their timestamps do not',
  'session-order': 'the later of two additions of one process has the lower value',
  'inconsistent-offsets': 'two messages stand at one offset of a log',
  'lost-write': 'a message of a log was acknowledged, later ones were polled, and it never was',
  'aborted-read': 'a message was polled whose sender had surely failed to send it',
  'precommitted-read': 'a transaction polled a message that it sent itself, before it was committed',
  'nonmonotonic-poll': 'a consumer of a log went back to what it had polled before',
  'int-nonmonotonic-poll': 'a consumer of a log went back, within one operation',
  'poll-skip': 'a consumer of a log left out a message',
  'int-poll-skip': 'a consumer of a log left out a message, within one operation',
  'nonmonotonic-send': "a producer's messages stand in a log in the opposite order",
  'int-nonmonotonic-send': "one operation's messages stand in a log in the opposite order",
  G0: TRANSACTIONS.G0,
  G1c: TRANSACTIONS.G1c,
  // Locks.
  'mutual-exclusion': 'two held one lock at the same time',
  'not-held': 'a lock was released by one who did not hold it',
  'token-order': 'a later holder of a lock got a lower fencing token',
  'repeated-token': 'two holders of a lock got the same fencing token',
  'stale-write': 'a resource accepted a write from one who no longer held its lock',
  // Consensus, atomic commit, broadcast.
  agreement: 'two nodes decided differently',
  validity: 'what was decided nobody proposed, or an honest commander was not obeyed',
  integrity: 'a node decided twice',
  termination: 'a decision was never reached, though nothing stood in its way any more',
  reversed: 'a node changed its decision between commit and abort',
  'commit-without-yes': 'a transaction was committed though not every participant had voted for it',
  'in-doubt': 'a participant never learnt how the transaction ended, and holds its locks',
  delivery: 'a sender that lived had a message acknowledged, and another node that lived never delivered it',
  'self-delivery': 'a node that lived had a message acknowledged, and never delivered it itself',
  'delivery-agreement': 'one node delivered a message, and another that lived never did',
  duplication: 'a message was delivered twice',
  creation: 'a message was delivered that nobody broadcast',
  'fifo-order': "a node delivered one sender's messages out of their order",
  'causal-order': 'a node delivered a message before one that had led to it',
  'total-order': 'two nodes delivered two messages in opposite orders',
  'lone-attack': 'one node attacks, and another that was to attack with it does not',
  'no-attack': 'nobody attacks in a battle that was planned when no messenger was lost any more',
  // Clocks.
  'clock-bound': 'of two clocks one is further from true time than it said it might be',
  'clock-jump': 'a clock went back, or too fast or too slow, though it was not stepped',
  'needless-step': 'a clock was stepped by an offset that should have been slewed away',
  'elapsed-time': 'a node measured another time than has passed',
  unsynchronized: 'a clock does not know how wrong it may be, though nothing kept it from asking any more',
  // Logical clocks.
  'clock-condition': 'an event led to another, and has not the smaller timestamp',
  'false-causality': 'an event has a smaller timestamp than another to which it did not lead',
  // Replicas.
  divergence: 'replicas that have had the very same updates are not alike',
  unconverged: 'replicas are not alike, though updates and faults have been over for long enough',
  'lost-update': 'an acknowledged update is in no replica, though nothing replaced it',
  missing: 'an acknowledged update did not reach a replica',
  undelivered: 'an update never reached a replica',
  'thin-air': 'a replica holds a value that nobody wrote',
  resurrected: 'something is back that somebody who knew of it had removed or replaced',
  arbitration: 'replicas that had received the same writes disagree which of them came last',
  misplaced: 'an element of a text was not put where its writer wanted it',
  'list-order': 'what replicas showed of a text fits no one order of its elements',
  unavailable: 'a node that lived refused, or did not answer',
  'no-progress':
    'an operation was not answered, or always had to yield to others, though faults had been over for long enough',
} as const;

/**
 * Something good did not happen though nothing stood in its way any more, judged so long after the last fault and change as
 * the system has promised. Every other anomaly is of safety: something bad has happened (Lamport 1977; Alpern and Schneider
 * 1985).
 *
 * That replicas become alike in the end (eventual consistency) is of liveness, since as long as a run goes on they still
 * may; that replicas with the same updates are alike (strong eventual consistency) is of safety, since one look at two
 * replicas can refute it (Shapiro et al. 2011). Availability is of liveness too: every request is answered in the
 * end (Gilbert and Lynch 2012); what is counted as never answered is what had no answer when its client gave up.
 */
const LIVENESS: ReadonlySet<string> = new Set([
  'termination',
  'in-doubt',
  'delivery',
  'self-delivery',
  'delivery-agreement',
  'no-attack',
  'unsynchronized',
  'undelivered',
  'unconverged',
  'missing',
  'unavailable',
  'no-progress',
] satisfies (keyof typeof OTHERS)[]);

/** Which kind of property an anomaly breaks. */
export function propertyOf(anomaly: string): 'safety' | 'liveness' {
  return LIVENESS.has(anomaly) ? 'liveness' : 'safety';
}

/** An anomaly that one of our checkers may find. */
export type AnomalyName = AnomalyKind | keyof typeof OTHERS;

/** Every anomaly that our checkers may find, with what it means, in a clause. */
export const ANOMALIES: Readonly<Record<AnomalyName, string>> = {
  ...(Object.fromEntries(ANOMALY_KINDS.map((kind) => [kind, aboutTransactions(kind)])) as Record<
    AnomalyKind,
    string
  >),
  ...OTHERS,
  'lost-update': `${TRANSACTIONS['lost-update']}; or ${OTHERS['lost-update']}`,
  'future-read': TRANSACTIONS['future-read'],
};

/** The models of transactions that fall with an anomaly; none where it is no anomaly of transactions. */
export function weakestRefuted(anomaly: AnomalyName): readonly string[] {
  return anomaly in REFUTES ? REFUTES[anomaly as AnomalyKind] : [];
}

function aboutTransactions(kind: AnomalyKind): string {
  const own = (TRANSACTIONS as Partial<Record<string, string>>)[kind];
  if (own !== undefined) return own;
  for (const [ending, counted] of Object.entries(COUNTED_BESIDES)) {
    const plain = (TRANSACTIONS as Partial<Record<string, string>>)[kind.replace(ending, '')];
    if (kind.endsWith(ending) && plain !== undefined) return `${plain}; here with ${counted}`;
  }
  throw new Error(`nothing says what ${kind} means`);
}
