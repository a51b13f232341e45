import { Chalk } from 'chalk';
import { expect, test } from 'vitest';
import type { CrashedRun, JudgedRun } from '../../src/campaign/run-task.ts';
import { manyRuns } from '../../src/report/many-runs.ts';
import type { TestSpec } from '../../src/spec/test-spec.ts';

const STYLE = { paint: new Chalk({ level: 0 }), width: 100 };
const model = { network: 'fair-loss', nodes: 'crash-stop', timing: 'asynchronous' } as const;
const spec = { system: 'echo', model } as TestSpec;

function judged(seed: number, valid: boolean, vacuous: string[] = []): JudgedRun {
  const anomalies = valid ? [] : [{ kind: 'stale', message: `story of seed ${seed}`, ops: [] }];
  const verdict = { checker: 'c', valid, anomalies, counts: {}, vacuous };
  const counts = { operations: 1_000, faults: 2 };
  const outcome = { spec, valid, verdicts: [verdict], beyond: [], fingerprint: 'f', counts };
  return { state: 'judged', seed, outcome, proofs: [], took: 1, run: undefined, notKept: undefined };
}

const crashed: CrashedRun = {
  state: 'crashed',
  seed: 9,
  error: 'Error: oh\n  at x',
  blame: 'momus',
  run: undefined,
};
const report = (...runs: (JudgedRun | CrashedRun)[]) =>
  manyRuns(runs, runs.length, ({ seed }) => `replay ${seed}`, STYLE).split('\n');

test('the first violation is told, then the totals, then each failure with its replay', () => {
  const lines = report(judged(1, true), judged(2, false), judged(3, false), crashed);
  expect(lines[0]).toBe(
    'seed 2  ✗ stale - violated within its model (fair-loss / crash-stop / asynchronous)',
  );
  expect(lines).toContain('  story of seed 2');
  expect(lines).not.toContain('  story of seed 3');
  expect(lines).toContain('4 runs: ✗ 2 invalid, ✗ 1 crashed, ✓ 1 valid · 3,000 operations, 6 faults');
  expect(lines.slice(-4)).toEqual([
    '  seed  found             replay',
    '  2     stale             replay 2',
    '  3     stale             replay 3',
    '  9     crash: Error: oh  replay 9',
  ]);
});

test('runs that all pass are one line', () => {
  expect(report(judged(1, true), judged(2, true))).toEqual([
    '2 runs: ✓ 2 valid · 2,000 operations, 4 faults',
  ]);
});

test('passes that prove little are told with the first seed', () => {
  const lines = report(judged(1, true), judged(2, true, ['no read']), judged(3, true, ['no read']));
  expect(lines).toContain('! 2 runs (seed 2 ...): no read, so the pass proves little');
});

test('runs that were stopped are left out of the count', () => {
  const stopped = { state: 'stopped', seed: 2, run: undefined } as const;
  const text = manyRuns([judged(1, true), stopped], 5, () => '', STYLE);
  expect(text).toBe('1 of 5 runs: ✓ 1 valid · 1,000 operations, 2 faults');
});

test('of very many failures ten are listed', () => {
  const lines = report(...Array.from({ length: 30 }, (_, seed) => judged(seed, false)));
  expect(lines.filter((line) => line.includes('replay '))).toHaveLength(10);
  expect(lines.at(-1)).toBe('  and 20 more, in index.jsonl of the store');
});
