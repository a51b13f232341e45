import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KafkaOptions, kafka } from '../../../checkers/kafka/kafka.ts';
import { fuzz } from '../effort.ts';
import { blamed, check, type Told, tell } from '../story.ts';

type Outcome = NonNullable<Told['outcome']>;

const send = (
  process: number,
  key: string,
  offset: number | null,
  value: number,
  outcome: Outcome = 'ok',
): Told => ({
  process,
  f: 'send',
  argument: [['send', key, value]],
  result: [['send', key, [offset, value]]],
  outcome,
});
const poll = (process: number, key: string, ...messages: [offset: number, value: number][]): Told => ({
  process,
  f: 'poll',
  argument: [['poll']],
  result: [['poll', { [key]: messages }]],
});
const txn = (process: number, ...micro: unknown[][]): Told => ({
  process,
  f: 'txn',
  argument: micro.map(([kind, key, what]) => (kind === 'send' ? [kind, key, (what as number[])[1]] : [kind])),
  result: micro,
});
const assign = (process: number, ...keys: string[]): Told => ({ process, f: 'assign', argument: keys });
const subscribe = (process: number, ...keys: string[]): Told => ({ process, f: 'subscribe', argument: keys });

const blame = (story: readonly Told[], options: KafkaOptions = {}): string[] => {
  const history = tell(...story);
  return blamed(history, check(kafka(options), history));
};

test('a log that is polled as it was sent is right, gaps between offsets and all', () => {
  const history = tell(
    assign(1, 'a'),
    send(0, 'a', 0, 10),
    send(0, 'a', 3, 11),
    poll(1, 'a', [0, 10], [3, 11]),
    send(0, 'a', 4, 12),
    send(2, 'a', null, 13, 'info'),
    poll(1, 'a', [4, 12], [7, 13]),
  );
  expect(check(kafka(), history)).toMatchObject({
    valid: true,
    vacuous: [],
    counts: { sent: 4, polled: 4, unseen: 0, logs: 1 },
  });
});

test('lost-write: an acknowledged message that nobody polled, though a later one was', () => {
  const story = [send(0, 'a', 0, 10), send(0, 'a', 1, 11), poll(1, 'a', [1, 11])];
  expect(blame(story)).toEqual(['lost-write: 0 send, 1 poll']);
  const unseen = check(kafka(), tell(send(0, 'a', 0, 10), poll(1, 'a', [0, 10]), send(0, 'a', 1, 11)));
  expect(unseen).toMatchObject({
    valid: true,
    counts: { unseen: 1 },
    vacuous: ['1 acknowledged message never polled'],
  });
});

test('inconsistent-offsets: one offset with two values', () => {
  expect(blame([send(0, 'a', 0, 10), send(2, 'a', 0, 11), poll(1, 'a', [0, 11])])).toContain(
    'inconsistent-offsets: 0 send, 2 send',
  );
});

test('duplicate: one message at two offsets', () => {
  expect(blame([send(0, 'a', 0, 10), poll(1, 'a', [0, 10], [1, 10])])).toEqual(['duplicate: 0 send, 1 poll']);
});

test('aborted-read and unexpected: messages whose send failed, or that nobody sent', () => {
  expect(blame([send(0, 'a', null, 10, 'fail'), poll(1, 'a', [0, 10])])).toEqual([
    'aborted-read: 0 send, 1 poll',
  ]);
  expect(blame([poll(1, 'a', [0, 10])])).toEqual(['unexpected: 1 poll']);
  expect(blame([poll(1, 'a', [0, 10]), send(0, 'a', 0, 10)])).toEqual(['unexpected: 0 send, 1 poll']);
});

test('precommitted-read: a transaction that polls its own message', () => {
  expect(blame([txn(0, ['send', 'a', [0, 10]], ['poll', { a: [[0, 10]] }])])).toEqual([
    'precommitted-read: 0 txn',
  ]);
});

const SENDS = [send(0, 'a', 0, 10), send(0, 'a', 1, 11), send(0, 'a', 2, 12)];

test('poll-skip: a process that leaves out a message between two polls', () => {
  const others = poll(2, 'a', [0, 10], [1, 11], [2, 12]);
  expect(blame([...SENDS, others, poll(1, 'a', [0, 10]), poll(1, 'a', [2, 12])])).toEqual([
    'poll-skip: 1 poll, 0 send, 1 poll',
  ]);
  expect(blame([...SENDS, others, poll(1, 'a', [0, 10], [2, 12])])).toEqual([
    'int-poll-skip: 1 poll, 0 send',
  ]);
});

test('nonmonotonic-poll: a process that goes back', () => {
  const all = poll(1, 'a', [0, 10], [1, 11], [2, 12]);
  expect(blame([...SENDS, all, poll(1, 'a', [1, 11])])).toEqual(['nonmonotonic-poll: 1 poll, 1 poll']);
  expect(blame([...SENDS, all, poll(2, 'a', [1, 11], [0, 10])])).toEqual(['int-nonmonotonic-poll: 2 poll']);
});

test('an assignment starts anew, and while subscribed any poll may follow a rebalance', () => {
  const all = poll(1, 'a', [0, 10], [1, 11], [2, 12]);
  expect(blame([...SENDS, all, assign(1, 'a'), poll(1, 'a', [0, 10])])).toEqual([]);
  expect(blame([...SENDS, subscribe(1, 'a'), all, poll(1, 'a', [0, 10])])).toEqual([]);
  expect(blame([...SENDS, subscribe(1, 'a'), poll(1, 'a', [0, 10], [2, 12]), poll(2, 'a', [1, 11])])).toEqual(
    ['int-poll-skip: 1 poll, 0 send'],
  );
});

test('nonmonotonic-send: a process whose messages get lower offsets', () => {
  const read = poll(1, 'a', [0, 11], [1, 10]);
  expect(blame([send(0, 'a', 1, 10), send(0, 'a', 0, 11), read])).toEqual([
    'nonmonotonic-send: 0 send, 0 send',
  ]);
  expect(blame([txn(0, ['send', 'a', [1, 10]], ['send', 'a', [0, 11]]), read])).toEqual([
    'int-nonmonotonic-send: 0 txn',
  ]);
});

test('G1c: two transactions that each polled what the other sent', () => {
  const story = [
    txn(0, ['send', 'a', [0, 10]], ['poll', { b: [[0, 20]] }]),
    { ...txn(1, ['send', 'b', [0, 20]], ['poll', { a: [[0, 10]] }]), from: 0, to: 20 },
  ];
  expect(blame(story)).toEqual(['G1c: 0 txn, 1 txn']);
});

test('G0: interleaved writes are a violation only where writes must be isolated', () => {
  const story = [
    txn(0, ['send', 'a', [0, 10]], ['send', 'b', [1, 20]]),
    txn(1, ['send', 'a', [1, 11]], ['send', 'b', [0, 21]]),
    poll(2, 'a', [0, 10], [1, 11]),
    poll(2, 'b', [0, 21], [1, 20]),
  ];
  expect(blame(story)).toEqual([]);
  expect(blame(story, { isolatedWrites: true })).toEqual(['G0: 0 txn, 1 txn']);
});

test('a history without polls is vacuous; a strange value is refused by name', () => {
  expect(check(kafka(), tell(send(0, 'a', 0, 10))).vacuous).toEqual(['no message was ever polled']);
  expect(() => check(kafka(), tell({ process: 0, f: 'send', argument: 7 }))).toThrow(
    'event 0 (send): the value must be a list',
  );
});

interface RightRun {
  readonly story: Told[];
  /** Offsets in use of each of the two logs. */
  readonly length: readonly [number, number];
}

/** Two logs, two senders, two pollers that go on where they left off, in the end to the end. */
function rightRun(choices: readonly number[]): RightRun {
  const logs: number[][] = [[], []];
  const position = [0, 0].map(() => [0, 0]);
  const story: Told[] = [];
  const pollFrom = (process: number, log: number, most: number): void => {
    const from = position[process]![log]!;
    const messages = logs[log]!.slice(from, from + most).map((value, i): [number, number] => [
      from + i,
      value,
    ]);
    position[process]![log] = from + messages.length;
    story.push(poll(process, `k${log}`, ...messages));
  };
  choices.forEach((choice, i) => {
    const log = choice & 1;
    if ((choice & 2) === 0) {
      story.push(send(2 + ((choice >> 2) & 1), `k${log}`, logs[log]!.length, i));
      logs[log]!.push(i);
    } else pollFrom((choice >> 2) & 1, log, 1 + (choice >> 3));
  });
  for (const process of [0, 1]) for (const log of [0, 1]) pollFrom(process, log, 100);
  return { story, length: [logs[0]!.length, logs[1]!.length] };
}

test('right runs pass, and one message left out of all polls of a right run is a lost write', () => {
  const choices = fc.array(fc.nat(31), { minLength: 5, maxLength: 40, size: 'max' });
  fc.assert(
    fc.property(choices, fc.nat(), (choices, choice) => {
      const { story, length } = rightRun(choices);
      expect(check(kafka(), tell(...story)).anomalies).toEqual([]);
      fc.pre(length[0] >= 2);
      const victim = choice % (length[0] - 1);
      const planted = story.map((told): Told => {
        const [[kind, logs]] = told.result as [[string, Record<string, [number, number][]>]];
        if (kind !== 'poll' || logs.k0 === undefined) return told;
        return poll(told.process as number, 'k0', ...logs.k0.filter(([offset]) => offset !== victim));
      });
      const history = tell(...planted);
      const lost = check(kafka(), history).anomalies.filter(({ kind }) => kind === 'lost-write');
      expect(
        lost.map(({ ops }) => (history.value(ops[0]!) as [[string, string, [number, number]]])[0][2][0]),
      ).toEqual([victim]);
    }),
    fuzz(200, 1),
  );
});
