import type { BroadcastLevel } from '../../checkers/broadcast/levels.ts';
import type { Told } from './story.ts';

/** One violation to plant in right runs of a checker's own kind. */
export interface Planted {
  /** Round `i` of a run; wrong, if that is to be where it goes wrong. Processes 10 i to 10 i + 9 are its own. */
  round(i: number, wrong: boolean): readonly Told[];
  /** What follows the last of `rounds` rounds, `wrong` being the one that went wrong, if any did. */
  finale?(rounds: number, wrong: number | undefined): readonly Told[];
  /** Each anomaly that has to be found, and the operations that it has to blame, if round `at` goes wrong. */
  blamed(at: number, rounds: number): readonly string[];
  /** What the first explanation has to name, where the operations alone don't tell which round it was. */
  says?(at: number): string;
}

type More = Partial<Told>;

function op(process: number, f: string, argument: unknown, more: More = {}): Told {
  return { process, f, argument, ...more };
}

function read(process: number, result: unknown, more: More = {}): Told {
  return { process, f: 'read', result, ...more };
}

function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

function without(n: number, out: number | undefined): number[] {
  return upTo(n).filter((i) => i !== out);
}

const NODES = ['n1', 'n2', 'n3'] as const;
type Node = (typeof NODES)[number];

/** A client of that node, beside those of the rounds. */
function at(node: Node): { readonly process: number; readonly node: string } {
  return { process: 1000 + Number(node.slice(1)), node };
}

/** What each node's log holds in the end. */
function logs(of: (node: Node) => unknown): Told[] {
  return NODES.map((node) => ({ ...at(node), f: 'log', result: of(node) }));
}

// Registers. Each round has two keys of its own and values that are written once.

function put(i: number, role: number, key: string, value: number): Told {
  return op(10 * i + role, 'write', 100 * i + value, { key: `${key}${i}` });
}

/** A read of that value, or of the initial one. */
function got(i: number, role: number, key: string, value: number | null): Told {
  return read(10 * i + role, value === null ? null : 100 * i + value, { key: `${key}${i}` });
}

const STALE: Planted = {
  round: (i, wrong) => [put(i, 0, 'x', 1), put(i, 1, 'x', 2), got(i, 2, 'x', wrong ? 1 : 2)],
  blamed: (i) => [`stale-read: ${10 * i} write, ${10 * i + 1} write, ${10 * i + 2} read`],
};

const ownWrite = (kind: string): Planted => ({
  round: (i, wrong) => [put(i, 0, 'x', 1), got(i, 0, 'x', wrong ? null : 1)],
  blamed: (i) => [`${kind}: ${10 * i} write, ${10 * i} read`],
});

const BACKWARDS: Planted = {
  round: (i, wrong) => [put(i, 0, 'x', 1), got(i, 1, 'x', 1), got(i, 1, 'x', wrong ? null : 1)],
  blamed: (i) => [`monotonic-reads: ${10 * i} write, ${10 * i + 1} read, ${10 * i + 1} read`],
};

const SECOND_ONLY: Planted = {
  round: (i, wrong) => [
    ...[put(i, 0, 'x', 1), put(i, 0, 'y', 2)],
    ...[got(i, 1, 'y', 2), got(i, 1, 'x', wrong ? null : 1)],
  ],
  blamed: (i) => [
    `monotonic-writes: ${10 * i} write, ${10 * i} write, ${10 * i + 1} read, ${10 * i + 1} read`,
  ],
};

const answerOnly = (blamed: (i: number) => string): Planted => ({
  round: (i, wrong) => [
    ...[put(i, 0, 'x', 1), got(i, 1, 'x', 1), put(i, 1, 'y', 2)],
    ...[got(i, 2, 'y', 2), got(i, 2, 'x', wrong ? null : 1)],
  ],
  blamed: (i) => [blamed(10 * i)],
});

const UNSEEN_CAUSE = answerOnly(
  (p) => `WriteCOInitRead: ${p} write, ${p + 1} read, ${p + 1} write, ${p + 2} read, ${p + 2} read`,
);

const TWO_ORDERS: Planted = {
  round: (i, wrong) => [
    ...[put(i, 0, 'x', 1), put(i, 1, 'x', 2)],
    ...[got(i, 0, 'x', 2), got(i, 1, 'x', wrong ? 1 : 2)],
  ],
  blamed: (i) => [`CyclicCF: ${10 * i} write, ${10 * i + 1} write, ${10 * i} read, ${10 * i + 1} read`],
};

function txn(process: number, argument: readonly unknown[], result: readonly unknown[] = argument): Told {
  return op(process, 'txn', argument, { result });
}

/** An update of n1, which had delivered all that came before it. */
function update(i: number, f: string, argument: unknown, state?: unknown): Told {
  const name = { update: `n1:${i + 1}`, saw: { n1: i } };
  return { ...at('n1'), f, argument, result: state === undefined ? name : { ...name, state } };
}

/** A read of a replica that has delivered the updates of so many rounds. */
function shows(i: number, state: unknown): Told {
  return read(10 * i, { updates: { n1: i + 1 }, state });
}

/** Elements that are appended one by one, two of which a read shows the other way round. */
const TEXT: Planted = {
  round: (i, wrong) => [
    update(i, 'insert', { element: i, at: i }, upTo(i + 1)),
    shows(i, wrong ? [...upTo(i - 1), i, i - 1] : upTo(i + 1)),
  ],
  blamed: (i) => [`list-order: 1001 insert, 1001 insert, ${10 * i} read`],
  says: (i) => `${i} and ${i - 1} stand in opposite orders`,
};

/** n1 sends messages that n2 receives; the clocks are vectors where `stamp` makes them so. */
function received(stamp: (sent: number, received: number) => unknown): Planted {
  return {
    round: () => [],
    finale: (rounds, wrong) => [
      { ...at('n1'), f: 'log', result: upTo(rounds).map((i) => ['send', `m${i}`, stamp(2 * i + 1, 0)]) },
      {
        ...at('n2'),
        f: 'log',
        result: upTo(rounds).map((i) => ['receive', `m${i}`, stamp(2 * i + (i === wrong ? 0 : 1), i + 1)]),
      },
    ],
    blamed: () => ['clock-condition: 1001 log, 1002 log'],
    says: (i) => `receive m${i} `,
  };
}

/**
 * Messages a and b of each round, `+` where they are broadcast: what stands in the logs of the three nodes, and what stands
 * there when it goes wrong.
 */
function broadcasts(
  right: readonly [string, string, string],
  wrong: readonly [string, string, string],
  ...blamed: readonly string[]
): Planted {
  const eventsOf = (text: string, i: number) =>
    text
      .split(' ')
      .map((what) =>
        what.startsWith('+') ? ['broadcast', `${what.slice(1)}${i}`] : ['deliver', `${what}${i}`],
      );
  return {
    round: (i) =>
      NODES.flatMap((node, n) =>
        right[n]!.split(' ')
          .filter((what) => what.startsWith('+'))
          .map((what) => ({ ...at(node), f: 'broadcast', argument: `${what.slice(1)}${i}` })),
      ),
    finale: (rounds, bad) =>
      logs((node) =>
        upTo(rounds).flatMap((i) => eventsOf((i === bad ? wrong : right)[NODES.indexOf(node)]!, i)),
      ),
    blamed: () => blamed,
    says: (i) => `${i}"`,
  };
}

const BROADCASTS: Readonly<Record<BroadcastLevel, Planted>> = {
  'best-effort': broadcasts(['+a a', 'a', 'a'], ['+a a', 'a', 'a a'], 'duplication: 1003 log'),
  reliable: broadcasts(
    ['+a a +b b', 'a b', 'a b'],
    ['+a a +b b', 'a b', 'b'],
    'delivery-agreement: 1001 log, 1003 log',
  ),
  fifo: broadcasts(
    ['+a a +b b', 'a b', 'a b'],
    ['+a a +b b', 'a b', 'b a'],
    'fifo-order: 1001 log, 1003 log',
  ),
  causal: broadcasts(
    ['+a a b', 'a +b b', 'a b'],
    ['+a a b', 'a +b b', 'b a'],
    'causal-order: 1002 log, 1003 log',
  ),
  'total-order': broadcasts(
    ['+a a b', 'a +b b', 'a b'],
    ['+a a b', 'a +b b', 'b a'],
    'total-order: 1001 log, 1003 log',
    'total-order: 1002 log, 1003 log',
  ),
  'fifo-total-order': broadcasts(
    ['+a a +b b', 'a b', 'a b'],
    ['+a +b b a', 'b a', 'b a'],
    'fifo-order: 1001 log',
    'fifo-order: 1001 log, 1002 log',
    'fifo-order: 1001 log, 1003 log',
  ),
};

/** Of every checker that can accuse, by the name that the catalogue knows it by, a violation. */
export const PLANTED: Readonly<Record<string, Planted>> = {
  linearizable: STALE,
  regular: STALE,
  sequential: ownWrite('nonsequential'),
  pram: ownWrite('NoView'),
  'session-guarantees': ownWrite('read-your-writes'),
  'read-your-writes': ownWrite('read-your-writes'),
  'monotonic-reads': BACKWARDS,
  'monotonic-writes': SECOND_ONLY,
  'writes-follow-reads': answerOnly(
    (p) => `writes-follow-reads: ${p} write, ${p + 1} read, ${p + 2} read, ${p + 2} read`,
  ),
  causal: UNSEEN_CAUSE,
  'causal-convergence': TWO_ORDERS,
  'causal-memory': UNSEEN_CAUSE,
  'set-full': {
    round: (i) => [op(10 * i, 'add', i)],
    finale: (rounds, wrong) => [
      read(1001, upTo(rounds)),
      read(1002, without(rounds, wrong)),
      read(1003, without(rounds, wrong)),
    ],
    blamed: (i) => [`lost: ${10 * i} add, 1003 read`],
  },
  'set-full-linearizable': {
    round: (i) => [op(10 * i, 'add', i)],
    finale: (rounds, wrong) => [read(1001, without(rounds, wrong)), read(1002, upTo(rounds))],
    blamed: (i) => [`stale: ${10 * i} add, 1001 read, 1002 read`],
  },
  set: {
    round: (i) => [op(10 * i, 'add', i)],
    finale: (rounds, wrong) => [read(1001, without(rounds, wrong))],
    blamed: (i) => [`lost: ${10 * i} add, 1001 read`],
  },
  queue: {
    round: (i, wrong) => [
      op(10 * i, 'enqueue', i),
      op(10 * i + 1, 'dequeue', null, { result: i }),
      op(10 * i + 2, 'dequeue', null, { result: wrong ? i : null }),
    ],
    blamed: (i) => [`duplicated: ${10 * i} enqueue, ${10 * i + 1} dequeue, ${10 * i + 2} dequeue`],
  },
  'total-queue': {
    round: (i) => [op(10 * i, 'enqueue', i)],
    finale: (rounds, wrong) => [op(1001, 'drain', null, { result: without(rounds, wrong) })],
    blamed: (i) => [`lost: ${10 * i} enqueue, 1001 drain`],
  },
  'unique-ids': {
    round: (i, wrong) => [
      op(10 * i, 'generate', null, { result: i }),
      op(10 * i + 1, 'generate', null, { result: wrong ? i : `${i}'` }),
    ],
    blamed: (i) => [`duplicated: ${10 * i} generate, ${10 * i + 1} generate`],
  },
  counter: {
    round: (i, wrong) => [op(10 * i, 'add', 1, { key: i }), read(10 * i + 1, wrong ? 0 : 1, { key: i })],
    blamed: (i) => [`out-of-bounds: ${10 * i} add, ${10 * i + 1} read`],
  },
  'pn-counter': {
    round: (i) => [op(10 * i, 'add', 2 ** i, { node: 'n1' })],
    finale: (rounds, wrong) =>
      NODES.map((node) => ({
        ...at(node),
        f: 'read',
        result: 2 ** rounds - 1 - (node === 'n2' && wrong !== undefined ? 2 ** wrong : 0),
      })),
    blamed: () => ['wrong-sum: 1002 read', 'unconverged: 1001 read, 1002 read'],
  },
  convergence: {
    round: (i) => [op(10 * i, 'write', i, { key: `x${i}`, node: 'n1' })],
    finale: (rounds, wrong) =>
      upTo(rounds).flatMap((i) =>
        NODES.map((node) => ({
          ...at(node),
          f: 'read',
          key: `x${i}`,
          result: i === wrong && node === 'n2' ? null : i,
        })),
      ),
    blamed: (i) => [`missing: ${10 * i} write, 1002 read`, 'unconverged: 1001 read, 1002 read'],
    says: (i) => `x${i}`,
  },
  consensus: {
    round: (i, wrong) =>
      NODES.map((node, n) =>
        op(10 * i + n, 'propose', 10 * i + n, {
          node,
          key: `x${i}`,
          result: 10 * i + (wrong && n === 2 ? 2 : 0),
        }),
      ),
    blamed: (i) => [`agreement: ${10 * i} propose, ${10 * i + 2} propose`],
  },
  'byzantine-agreement': {
    round: () => [],
    finale: (rounds, wrong) =>
      logs((node) => upTo(rounds).map((i) => [i, node === 'n2' && i === wrong ? 'retreat' : 'attack'])),
    blamed: () => ['agreement: 1001 log, 1002 log'],
    says: (i) => `In council ${i}`,
  },
  'coordinated-attack': {
    round: (i) => [op(10 * i, 'plan', null, { key: `b${i}`, node: 'n1' })],
    finale: (rounds, wrong) =>
      logs((node) => (node === 'n2' ? without(rounds, wrong) : upTo(rounds)).map((i) => [`b${i}`, 'attack'])),
    blamed: () => ['lone-attack: 1001 log, 1002 log', 'lone-attack: 1003 log, 1002 log'],
    says: (i) => `In battle "b${i}"`,
  },
  clock: {
    round: (i, wrong) => [
      op(10 * i, 'elapsed', 5e6, { node: 'n1', result: wrong ? 3e6 : 5e6, from: 20 * i, to: 20 * i + 6 }),
    ],
    finale: (rounds) =>
      (['n1', 'n2'] as const).map((node) => {
        const from = 20 * rounds;
        const result = { time: from * 1e6, error: 1e6, life: 1, steps: 0 };
        return { ...at(node), f: 'read', result, from, to: from + 1 };
      }),
    blamed: (i) => [`elapsed-time: ${10 * i} elapsed`],
  },
  'clock-condition': received((sent, received) => sent + Math.min(received, 1)),
  'strong-clock-condition': received((sent, received) => [sent, received]),
  lock: {
    round: (i, wrong) => [
      op(10 * i, 'acquire', null),
      ...(wrong ? [op(10 * i + 1, 'acquire', null), op(10 * i + 1, 'release', null)] : []),
      op(10 * i, 'release', null),
    ],
    blamed: (i) => [`mutual-exclusion: ${10 * i} acquire, ${10 * i + 1} acquire, ${10 * i} release`],
  },
  'lock-fencing': {
    round: (i, wrong) => [
      op(10 * i, 'acquire', null, { result: 2 * i }),
      op(10 * i + 1, 'acquire', null, { result: 2 * i + 1 }),
      op(10 * i + 1, 'write', { token: 2 * i + 1, value: 'v' }),
      ...(wrong ? [op(10 * i, 'write', { token: 2 * i, value: 'v' })] : []),
    ],
    blamed: (i) => [`stale-write: ${10 * i + 1} write, ${10 * i} write`],
  },
  'atomic-commit': {
    round: (i) =>
      (['ok', 'fail'] as const).map((outcome) => {
        const txn = outcome === 'ok' ? i : `${i}'`;
        return op(
          10 * i,
          'transfer',
          { txn, participants: NODES, from: 'a', to: 'b', amount: 5 },
          { outcome },
        );
      }),
    finale: (rounds, wrong) =>
      logs((node) =>
        upTo(rounds).flatMap((i) => [
          ['yes', i],
          [node === 'n2' && i === wrong ? 'abort' : 'commit', i],
          ['no', `${i}'`],
        ]),
      ),
    blamed: (i) => [`agreement: ${10 * i} transfer, 1002 log`],
  },
  'strong-eventual': {
    round: (i, wrong) => [
      op(10 * i, 'add', i, { node: 'n1', result: `u${i}` }),
      ...NODES.map((node, n) =>
        read(
          10 * i + 1 + n,
          { updates: upTo(i + 1).map((u) => `u${u}`), state: wrong && n === 1 ? -1 : i },
          { node },
        ),
      ),
    ],
    blamed: (i) => [`divergence: ${10 * i + 1} read, ${10 * i + 2} read`],
  },
  bank: {
    round: (i, wrong) => [
      op(10 * i, 'transfer', { from: 'a', to: 'b', amount: 1 }),
      read(10 * i + 1, { a: 100 - i - 1, b: i + (wrong ? 0 : 1) }),
    ],
    blamed: (i) => [`wrong-total: 1 read, ${10 * i + 1} read`],
  },
  'long-fork': {
    round: (i, wrong) => {
      const r = (key: string, seen: boolean) => ['r', `${key}${i}`, seen ? 1 : null];
      return [
        txn(10 * i, [['w', `x${i}`, 1]]),
        txn(10 * i + 1, [['w', `y${i}`, 1]]),
        txn(10 * i + 2, [r('x', true), r('y', false)]),
        txn(10 * i + 3, [r('x', !wrong), r('y', true)]),
      ];
    },
    blamed: (i) => [`long-fork: ${10 * i + 1} txn, ${10 * i} txn, ${10 * i + 2} txn, ${10 * i + 3} txn`],
  },
  'causal-reverse': {
    round: (i) => [op(10 * i, 'write', i)],
    finale: (rounds, wrong) => [read(1001, without(rounds, wrong))],
    blamed: (i, rounds) => [`causal-reverse: ${10 * i} write, ${10 * rounds - 10} write, 1001 read`],
  },
  monotonic: {
    round: (i) => [op(10 * i, 'add', null, { result: [i, 10 * i] })],
    finale: (rounds, wrong) => [
      read(
        1001,
        upTo(rounds).map((i) => [i, i === wrong ? 10 * i + 15 : 10 * i]),
      ),
    ],
    blamed: (i) => [`time-order: ${10 * i} add, ${10 * i + 10} add, 1001 read`],
  },
  kafka: {
    round: (i) => [op(10 * i, 'send', [['send', 'k', i]], { result: [['send', 'k', [i, i]]] })],
    finale: (rounds, wrong) => [
      op(1001, 'poll', [['poll']], { result: [['poll', { k: without(rounds, wrong).map((i) => [i, i]) }]] }),
    ],
    blamed: (i) => [`lost-write: ${10 * i} send, 1001 poll`, `int-poll-skip: 1001 poll, ${10 * i} send`],
  },
  'replicated-counter': {
    round: (i, wrong) => [
      { ...update(i, 'increment', 1), key: i },
      { ...shows(i, wrong ? 0 : 1), key: i },
    ],
    blamed: (i) => [`wrong-sum: 1001 increment, ${10 * i} read`],
  },
  'replicated-set': {
    round: (i, wrong) => [update(i, 'add', i), shows(i, wrong ? upTo(i) : upTo(i + 1))],
    blamed: (i) => [`lost: 1001 add, ${10 * i} read`],
    says: (i) => `add(${i})`,
  },
  'replicated-map': {
    round: (i, wrong) => [update(i, 'put', i), shows(i, wrong ? [i - 1, i] : [i])],
    blamed: (i) => [`resurrected: 1001 put, 1001 put, ${10 * i} read`],
  },
  'replicated-register': {
    round: (i, wrong) => [update(i, 'write', i), shows(i, wrong ? i - 1 : i)],
    blamed: (i) => [`resurrected: 1001 write, 1001 write, ${10 * i} read`],
  },
  'strong-list': TEXT,
  'weak-list': TEXT,
  'list-append': {
    round: (i, wrong) => [
      txn(10 * i, [['append', 'x', i]]),
      txn(10 * i + 1, [['r', 'x', null]], [['r', 'x', wrong ? upTo(i) : upTo(i + 1)]]),
    ],
    blamed: (i) => [`G-single-item-realtime: ${10 * i} txn, ${10 * i + 1} txn`],
  },
  'rw-register': {
    round: (i, wrong) => [
      txn(10 * i, [['w', `x${i}`, i]], [['w', `x${i}`, i]]),
      txn(10 * i, [['r', `x${i}`, null]], [['r', `x${i}`, wrong ? null : i]]),
    ],
    blamed: (i) => [
      `G-single-item-process: ${10 * i} txn, ${10 * i} txn`,
      `read-your-writes-violation: ${10 * i} txn, ${10 * i} txn`,
    ],
  },
  ...Object.fromEntries(
    Object.entries(BROADCASTS).map(([level, planted]) => [`${level}-broadcast`, planted]),
  ),
};
