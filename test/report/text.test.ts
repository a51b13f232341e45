import { Chalk } from 'chalk';
import { expect, test } from 'vitest';
import { historyOf } from '../../histories/builder.ts';
import type { OpEvent } from '../../histories/op.ts';
import { counted } from '../../src/report/counts.ts';
import { faultTable } from '../../src/report/fault-table.ts';
import { judgement } from '../../src/report/judgement.ts';
import { table, widthOf, wrap } from '../../src/report/layout.ts';
import { type Proof, type ProofFault, proofsOf } from '../../src/report/proof.ts';
import { proofTable } from '../../src/report/proof-table.ts';

const STYLE = { paint: new Chalk({ level: 0 }), width: 80 };
const COLOURED = new Chalk({ level: 1 });
const verdict = { checker: 'c', valid: false, counts: {}, vacuous: [] } as const;

/** The proof that these events make, in pairs of invocation and completion. */
function proofOf(events: OpEvent[], key?: string): Proof {
  const history = historyOf(events);
  const ops = events.flatMap(({ process }, i) => (process === 'nemesis' ? [] : [i]));
  const anomaly = { kind: 'k', message: 'm', ops, ...(key === undefined ? {} : { key }) };
  return proofsOf([{ ...verdict, anomalies: [anomaly] }], history)[0]!;
}

const lines = (text: string) => text.split('\n').map((line) => line.trim().replace(/ {2,}/g, '  '));

test('text wraps at spaces, indented, and a long word stands alone', () => {
  expect(wrap('a bb ccc dddd', 8, '  ')).toBe('  a bb\n  ccc\n  dddd');
  expect(wrap('short aVeryLongWordIndeed', 10)).toBe('short\naVeryLongWordIndeed');
  expect(wrap('', 10)).toBe('');
});

test('colours take no columns', () => {
  expect(widthOf(COLOURED.red('abc'))).toBe(3);
  expect(
    table([
      [COLOURED.red('a'), 'b'],
      ['ccc', 'd'],
    ])
      .split('\n')
      .map(widthOf),
  ).toEqual([6, 6]);
});

test('counts have their noun and their thousands', () => {
  expect([0, 1, 1234567].map((n) => counted(n, 'run'))).toEqual(['0 runs', '1 run', '1,234,567 runs']);
});

test('an operation is one line, its two events together, the earliest first', () => {
  const proof = proofOf([
    { time: 2e9, process: 1, type: 'invoke', f: 'read', value: null, key: 'x', node: 'n2' },
    { time: 2.5e9, process: 1, type: 'ok', f: 'read', value: 7, key: 'x', node: 'n2' },
    { time: 1e9, process: 0, type: 'invoke', f: 'write', value: 7, key: 'x', node: 'n1' },
    { time: 3e9, process: 0, type: 'info', f: 'write', value: 7, key: 'x', node: 'n1', error: 'timeout' },
    { time: 4e9, process: 2, type: 'invoke', f: 'cas', value: [7, 8], key: 'x', node: 'n1' },
  ]);
  expect(lines(proofTable(proof, STYLE, '  '))).toEqual([
    'time (s)  process  node  operation  answer',
    '2.000 - 2.500  1  n2  read x  7',
    '1.000 - 3.000  0  n1  write x 7  unknown: timeout',
    '4.000 - never  2  n1  cas x [7,8]  none',
  ]);
});

test('times have as many decimals as tell them apart; times that are only an order stay whole numbers', () => {
  const at = (start: number, end: number): OpEvent[] => [
    { time: start, process: 0, type: 'invoke', f: 'read', value: null },
    { time: end, process: 0, type: 'ok', f: 'read', value: 1 },
  ];
  expect(proofTable(proofOf(at(1e9, 1.00001e9)), STYLE, '')).toContain('1.00000 - 1.00001');
  expect(proofTable(proofOf(at(3, 4)), STYLE, '')).toContain('time (ns)');
});

test('transactions have the names that checkers give them, and show what they did to the key in question', () => {
  const before = [
    ['r', 'x', null],
    ['append', 'y', 3],
  ];
  const after = [
    ['r', 'x', [1, 2, 3, 4, 5, 6, 7]],
    ['append', 'y', 3],
  ];
  const events: OpEvent[] = [
    { time: 1e9, process: 0, type: 'invoke', f: 'txn', value: before },
    { time: 2e9, process: 0, type: 'ok', f: 'txn', value: after },
  ];
  expect(proofTable(proofOf(events), STYLE, '')).toMatch(
    /T1 +1\.000 - 2\.000 +0 +txn r x = \[1,2,\.\.\.,6,7\], append y 3 +ok/,
  );
  expect(proofTable(proofOf(events, 'x'), STYLE, '')).toContain('txn r x = [1,2,...,6,7], ...  ok');
});

test('no line of a proof is wider than the terminal', () => {
  const long = Array.from({ length: 30 }, (_, i) => ['append', `key${i}`, i]);
  const text = proofTable(
    proofOf([
      { time: 1e9, process: 0, type: 'invoke', f: 'txn', value: long, node: 'n1' },
      { time: 2e9, process: 0, type: 'fail', f: 'txn', value: long, node: 'n1', error: 'e'.repeat(90) },
    ]),
    STYLE,
    '    ',
  );
  expect(Math.max(...text.split('\n').map(widthOf))).toBeLessThanOrEqual(80);
});

test('the faults at work during the proof are shown, and no others', () => {
  const fault = (time: number, f: string, value: object): OpEvent[] => [
    { time, process: 'nemesis', type: 'invoke', f, value },
    { time, process: 'nemesis', type: 'info', f, value: null },
  ];
  const proof = proofOf([
    ...fault(1e9, 'process/kill', { node: 'n1' }),
    ...fault(2e9, 'process/start', { node: 'n1' }),
    ...fault(3e9, 'clock/step', { node: 'n2', by: -1.5e9 }),
    { time: 4e9, process: 0, type: 'invoke', f: 'read', value: null },
    { time: 5e9, process: 0, type: 'ok', f: 'read', value: 1 },
    ...fault(6e9, 'process/kill', { node: 'n3' }),
  ]);
  expect(lines(faultTable(proof, STYLE, ''))).toEqual([
    'faults meanwhile (s)',
    '3.000 - the end  clock/step  n2 -1.500 s',
  ]);
});

test.each([
  [{ n1: ['n2', 'n3'], n2: ['n1'], n3: ['n1'] }, 'n1 | n2 n3'],
  [{ n1: ['n2', 'n3'], n2: ['n1', 'n3'], n3: ['n1', 'n2'] }, 'n1 | n2 | n3'],
  [{ n1: ['n2'], n2: [] }, 'n1 deaf to n2'],
  [{ n1: ['n3'], n3: ['n1'], n2: [] }, 'n1 deaf to n3, n3 deaf to n1'],
])('the cut %j reads %j', (grudge, text) => {
  const cut: ProofFault = { kind: 'network/cut', value: { grudge }, begin: 0, end: 1 };
  expect(
    faultTable({ key: undefined, rows: [], untimed: false, faults: [cut], moreFaults: 0 }, STYLE, ''),
  ).toContain(`network/cut  ${text}`);
});

test('the verdict comes first, then the story, then what each checker says', () => {
  const anomaly = (kind: string) => ({ kind, message: `story of ${kind}`, ops: [] });
  const text = judgement(
    {
      valid: false,
      verdicts: [
        { ...verdict, checker: 'one', anomalies: [anomaly('stale'), anomaly('stale'), anomaly('lost')] },
        { ...verdict, checker: 'two', valid: 'unknown', anomalies: [], reason: 'out of steps' },
        { ...verdict, checker: 'stats', valid: true, anomalies: [], vacuous: ['no cas ever succeeded'] },
      ],
    },
    [],
    STYLE,
    'violated',
  );
  expect(text.split('\n').filter((line) => line !== '')).toEqual([
    '✗ stale - violated',
    '  story of stale',
    '  ✗ one: 2 stale, 1 lost',
    '  ? two',
    '    out of steps',
  ]);
});

test('a pass that proves little says so, and why, once', () => {
  const doubtful = { ...verdict, valid: true, anomalies: [], vacuous: ['no read saw a value'] } as const;
  const verdicts = [doubtful, { ...doubtful, checker: 'stats' }];
  expect(judgement({ valid: true, verdicts }, [], STYLE).split('\n')).toEqual([
    '✓ valid, but this pass proves little',
    '',
    '  ✓ c',
    '  ! no read saw a value',
  ]);
});

test('what breaks safety stands apart from what breaks liveness', () => {
  const headline = (...kinds: string[]) => {
    const verdicts = kinds.map((kind) => ({ ...verdict, anomalies: [{ kind, message: 'm', ops: [] }] }));
    return judgement({ valid: false, verdicts }, [], STYLE).split('\n')[0];
  };
  expect(headline('stale-read')).toBe('✗ stale-read');
  expect(headline('undelivered', 'termination')).toBe('✗ liveness: undelivered, termination');
  expect(headline('undelivered', 'divergence')).toBe('✗ divergence; liveness: undelivered');
});
