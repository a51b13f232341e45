import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AtomicCommitOptions, atomicCommit } from '../../../checkers/atomic-commit/atomic-commit.ts';
import { type Operation, operationsOf } from '../../../checkers/operations.ts';
import type { History } from '../../../histories/history.ts';
import { fuzz } from '../effort.ts';
import { blamed, check, type Told, tell } from '../story.ts';

type LogEvent = readonly [what: string, txn: unknown, at?: number];

const NODES = ['n1', 'n2'];
const transfer = (txn: unknown, outcome: 'ok' | 'fail' | 'info', more: Partial<Told> = {}): Told => ({
  process: 0,
  f: 'transfer',
  argument: { txn, participants: NODES, from: 'a', to: 'b', amount: 5 },
  outcome,
  ...more,
});
const log = (node: string, events: readonly LogEvent[], more: Partial<Told> = {}): Told => ({
  process: Number(node.slice(1)),
  node,
  f: 'log',
  result: events,
  ...more,
});

function judge(story: readonly Told[], options: AtomicCommitOptions = {}) {
  const history = tell(...story);
  const verdict = check(atomicCommit(options), history);
  return { ...verdict, blamed: blamed(history, verdict), message: verdict.anomalies[0]?.message };
}

const COMMITTED: readonly LogEvent[] = [
  ['yes', 7],
  ['commit', 7],
];

test('transactions that all commit or all abort are right, and the time between vote and decision is told', () => {
  const story = [
    transfer(1, 'ok'),
    transfer(2, 'fail'),
    transfer(3, 'fail'),
    log('n1', [
      ...[['yes', 1, 100] as const, ['commit', 1, 350] as const],
      ...[['no', 2] as const, ['yes', 3] as const, ['abort', 3] as const],
    ]),
    log('n2', [
      ...[['yes', 1, 100] as const, ['commit', 1, 200] as const, ['yes', 2] as const, ['abort', 2] as const],
      ...[['yes', 3] as const, ['abort', 3] as const],
    ]),
  ];
  expect(judge(story, { termination: { within: 0, tolerates: 0 } })).toMatchObject({
    valid: true,
    vacuous: [],
    counts: { transactions: 3, committed: 1, aborted: 2, needlessAborts: 1, inDoubt: 0 },
    details: { blockingTime: { max: 250 } },
  });
});

test('one node that commits and one that aborts break agreement', () => {
  const aborted: LogEvent[] = [
    ['yes', 7],
    ['abort', 7],
  ];
  const found = judge([transfer(7, 'info'), log('n1', COMMITTED), log('n2', aborted)]);
  expect(found.blamed).toEqual(['agreement: 1 log, 2 log']);
  expect(found.message).toBe(
    "The transaction 7 was committed by n1 and aborted by n2: see n1's log (yes, commit; read at 15 ms) and n2's log " +
      '(yes, abort; read at 25 ms).',
  );
});

test('a client that is told otherwise breaks agreement', () => {
  const failed = judge([transfer(7, 'fail'), log('n1', COMMITTED), log('n2', COMMITTED)]);
  expect(failed.blamed).toEqual(['agreement: 1 log, 0 transfer']);
  expect(failed.message).toContain('was committed by n1 and aborted for the client');
  const aborted: LogEvent[] = [
    ['yes', 7],
    ['abort', 7],
  ];
  const told = judge([transfer(7, 'ok'), log('n1', aborted), log('n2', aborted)]);
  expect(told.blamed).toEqual(['agreement: 0 transfer, 1 log']);
});

test('a node must not take its decision back', () => {
  const found = judge([transfer(7, 'info'), log('n1', [...COMMITTED, ['abort', 7]])]);
  expect(found.blamed).toEqual(['reversed: 1 log']);
  expect(found.message).toContain('n1 decided on commit of the transaction 7 and later on abort');
});

test('a commit against a no, before the vote, or without it, breaks the vote', () => {
  const against = judge([transfer(7, 'info'), log('n1', COMMITTED), log('n2', [['no', 7]])]);
  expect(against.blamed).toEqual(['commit-without-yes: 1 log, 2 log']);
  expect(against.message).toContain('was committed by n1 though n2 had voted no');
  const hasty: LogEvent[] = [
    ['commit', 7],
    ['yes', 7],
  ];
  expect(judge([transfer(7, 'info'), log('n1', hasty), log('n2', COMMITTED)]).blamed).toEqual([
    'commit-without-yes: 1 log',
  ]);
  const without = judge([transfer(7, 'ok'), log('n1', COMMITTED), log('n2', [])]);
  expect(without.blamed).toEqual(['commit-without-yes: 0 transfer, 2 log']);
  expect(without.message).toContain('was committed for the client though n2 never voted on it');
});

test('a log that was read before the commit does not tell which votes came later', () => {
  expect(judge([log('n2', []), transfer(7, 'ok'), log('n1', COMMITTED)]).valid).toBe(true);
});

test('a node that never learns the decision is in doubt, which is a violation where termination is promised', () => {
  const story = [transfer(7, 'ok'), log('n1', COMMITTED), log('n2', [['yes', 7]])];
  expect(judge(story)).toMatchObject({ valid: true, counts: { inDoubt: 1 } });
  expect(judge(story, { termination: { within: 0, tolerates: 0 } }).blamed).toEqual(['in-doubt: 2 log']);
  const died = { process: 'nemesis', f: 'process/kill', argument: { node: 'n3', forever: true } } as const;
  const healed = { process: 'nemesis', f: 'heal' } as const;
  expect(judge([died, healed, ...story], { termination: { within: 0, tolerates: 0 } }).valid).toBe(true);
  expect(judge([died, healed, ...story], { termination: { within: 0 } }).valid).toBe(false);
  const faulty = { process: 'nemesis', f: 'cut' } as const;
  expect(judge([faulty, ...story], { termination: { within: 0, tolerates: 0 } }).valid).toBe(true);
});

test('what can not be understood is refused by name', () => {
  expect(() => judge([log('n1', [['maybe', 7]])])).toThrow(
    'event 1 (log): the value must be an array of [what, txn, time]',
  );
  expect(() => judge([{ process: 0, f: 'transfer', argument: { txn: 1, participants: 'n1' } }])).toThrow(
    'event 0 (transfer): the value must be an object whose `participants` are an array of nodes',
  );
  expect(() => judge([transfer(7, 'ok'), transfer(7, 'ok')])).toThrow(
    'events 0 and 2 (transfer): both ask for the transaction 7',
  );
});

test('a pass without a commit or an abort is vacuous', () => {
  expect(judge([]).vacuous).toEqual(['no transaction']);
  expect(judge([transfer(7, 'ok')]).vacuous).toEqual(["no node's log was read"]);
  expect(judge([transfer(7, 'info'), log('n1', [])]).vacuous).toEqual([
    'nothing was ever committed',
    'nothing was ever aborted',
  ]);
});

const logEvent = fc.tuple(fc.constantFrom('yes', 'yes', 'no', 'commit', 'abort'), fc.nat(1));
const nodeLog = fc.oneof(
  fc.constant([['yes', 0] as const, ['commit', 0] as const]),
  fc.constant([['yes', 0] as const, ['yes', 1] as const, ['abort', 1] as const, ['commit', 0] as const]),
  fc.array(logEvent, { maxLength: 4 }),
);
const smallRuns = fc
  .record({
    outcomes: fc.array(fc.constantFrom('ok' as const, 'fail' as const, 'info' as const), {
      minLength: 2,
      maxLength: 2,
    }),
    logs: fc.array(fc.record({ events: nodeLog, from: fc.nat(40) }), { maxLength: 3 }),
  })
  .map(({ outcomes, logs }) =>
    tell(
      ...outcomes.map((outcome, txn) => transfer(txn, outcome, { process: 10 + txn, from: 10, to: 20 })),
      ...logs.map(({ events, from }, i) => log(`n${i + 1}`, events, { from, to: from + 5 })),
    ),
  );

/** By the definitions, over every vote and decision of every two parties. */
function brokenByDefinition(history: History): string[] {
  const ops = operationsOf(history);
  const logs = ops.filter((op) => op.f === 'log');
  const events = (op: Operation) => op.result as LogEvent[];
  const did = (op: Operation, what: string, txn: number) =>
    events(op).findIndex((event) => event[0] === what && event[1] === txn);
  const broken = new Set<string>();
  for (const txn of [0, 1]) {
    const request = ops.find((op) => op.f === 'transfer' && (op.argument as { txn: number }).txn === txn)!;
    const decided = (what: 'commit' | 'abort') => [
      ...(request.outcome === (what === 'commit' ? 'ok' : 'fail') ? [request] : []),
      ...logs.filter((op) => did(op, what, txn) >= 0),
    ];
    const commits = decided('commit');
    const aborts = decided('abort');
    if (commits.some((a) => aborts.some((b) => a !== b))) broken.add('agreement');
    if (logs.some((op) => commits.includes(op) && aborts.includes(op))) broken.add('reversed');
    for (const op of logs) {
      const commit = did(op, 'commit', txn);
      const yes = did(op, 'yes', txn);
      const participates = NODES.includes(op.node!);
      const later = commits.some((other) => other.end < op.begin);
      if (commits.length > 0 && did(op, 'no', txn) >= 0) broken.add('commit-without-yes');
      if (participates && commit >= 0 && (yes < 0 || yes > commit)) broken.add('commit-without-yes');
      if (participates && later && yes < 0) broken.add('commit-without-yes');
    }
  }
  return [...broken].sort();
}

test('agrees with the definitions on small runs', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(smallRuns, (history) => {
      const expected = brokenByDefinition(history);
      const kinds = new Set(check(atomicCommit(), history).anomalies.map(({ kind }) => kind));
      expect([...kinds].sort()).toEqual(expected);
      for (const kind of expected.length === 0 ? ['none'] : expected)
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }),
    fuzz(2000, 1),
  );
  for (const kind of ['none', 'agreement', 'reversed', 'commit-without-yes'])
    expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(50);
});

test('one planted mistake in a right run of many transactions is found, and blamed', () => {
  const runs = fc.record({
    commits: fc.array(fc.boolean(), { minLength: 3, maxLength: 30 }),
    pick: fc.nat(),
    node: fc.nat(1),
    outcome: fc.boolean(),
  });
  fc.assert(
    fc.property(runs, ({ commits, pick, node, outcome }) => {
      const victim = pick % commits.length;
      const story = (plant?: (events: LogEvent[]) => LogEvent[]) => {
        const requests = commits.map((commit, txn) =>
          transfer(txn, outcome ? (commit ? 'ok' : 'fail') : 'info', { process: 100 + txn }),
        );
        const logs = NODES.map((name, i) => {
          const events = commits.map((commit, txn): LogEvent[] => {
            const right: LogEvent[] = [
              ['yes', txn],
              [commit ? 'commit' : 'abort', txn],
            ];
            return txn === victim && i === node && plant !== undefined ? plant(right) : right;
          });
          return log(name, events.flat());
        });
        return [...requests, ...logs];
      };
      expect(judge(story()).valid).toBe(true);
      const kinds = (plant: (events: LogEvent[]) => LogEvent[]) => {
        const found = judge(story(plant));
        for (const who of found.blamed) expect(who).toContain(`${node + 1} log`);
        return found.anomalies.map(({ kind }) => kind);
      };
      const other = commits[victim] ? 'abort' : 'commit';
      expect(kinds(([yes]) => [yes!, [other, victim]])).toEqual(['agreement']);
      expect(kinds(([yes, decision]) => [yes!, decision!, [other, victim]])).toContain('reversed');
      const unvoted = kinds(([, decision]) => [['no', victim], decision!]);
      expect(unvoted).toEqual(commits[victim] ? ['commit-without-yes'] : []);
    }),
    fuzz(200, 1),
  );
});
