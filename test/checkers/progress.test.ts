import fc from 'fast-check';
import { expect, test } from 'vitest';
import { progress } from '../../checkers/progress.ts';
import { blamed, check, type Told, tell } from './story.ts';

const MS = 1_000_000;
const WITHIN = 100 * MS;

const nemesis = (f: string, from: number, argument: unknown = null): Told => ({
  process: 'nemesis',
  f,
  argument,
  from,
  to: from,
});
const cut = (from: number) => nemesis('network/cut', from, { grudge: { n1: ['n2'] } });
const heal = (from: number) => nemesis('heal', from);
const read = (from: number, more: Partial<Told> = {}): Told => ({
  process: 1,
  f: 'read',
  node: 'n1',
  from,
  ...more,
});
const refused = (error: string, from: number): Told => read(from, { outcome: 'fail', error });

function judge(...story: readonly Told[]) {
  const history = tell(...story);
  const verdict = check(progress({ within: WITHIN }), history);
  return { ...verdict, blamed: blamed(history, verdict) };
}

test('what begins later than the bound after the last fault must be answered', () => {
  const story = [cut(0), read(10, { outcome: 'none' }), heal(50)];
  const silent = read(160, { outcome: 'none', process: 2 });
  expect(judge(...story, silent)).toMatchObject({ valid: false, property: 'liveness' });
  expect(judge(...story, silent).blamed).toEqual(['no-progress: 2 read']);
  expect(judge(...story, read(160, { outcome: 'info' })).valid).toBe(false);
  expect(judge(...story, read(160)).valid).toBe(true);
});

test('before the bound nobody is accused, and a pass that tried nothing later says so', () => {
  const early = judge(cut(0), heal(50), read(140, { outcome: 'info' }));
  expect(early.valid).toBe(true);
  expect(early.vacuous[0]).toContain('no operation began later than 100 ms after the last fault');
  expect(early.notes?.at(-1)).toContain('1 of 1 operation begun after the last fault got no answer');
});

test('faults that are never healed let nothing fall due', () => {
  const verdict = judge(cut(0), heal(50), cut(60), read(200, { outcome: 'info' }));
  expect(verdict.valid).toBe(true);
  expect(verdict.vacuous[0]).toContain('never healed');
});

test('a node that was killed for ever owes no answer, and where all nodes are needed nothing is promised then', () => {
  const story = [nemesis('process/kill', 0, { node: 'n1', forever: true }), heal(50)];
  const dead = read(200, { outcome: 'fail' });
  const stuck = read(220, { node: 'n2', outcome: 'info' });
  expect(judge(...story, dead, read(240, { node: 'n2' })).valid).toBe(true);
  expect(judge(...story, dead, stuck).valid).toBe(false);
  // A client that was given n2 and went to n1.
  const roamed = read(220, { node: 'n2', answeredBy: 'n1', outcome: 'fail', error: 'refused' });
  expect(judge(...story, roamed, read(240, { node: 'n2' })).valid).toBe(true);
  const verdict = check(progress({ within: WITHIN, tolerates: 0 }), tell(...story, dead, stuck));
  expect(verdict).toMatchObject({ valid: true, notes: [expect.stringContaining('as n1 had')] });
});

test('a refusal on account of the data is an answer, a refusal to serve is none', () => {
  for (const error of ['mismatch', 'insufficient', 'empty', 'aborted'])
    expect(judge(cut(0), heal(50), refused(error, 200)).valid, error).toBe(true);
  for (const error of ['no-quorum', 'no-leader', 'timeout'])
    expect(judge(cut(0), heal(50), refused(error, 200)).valid, error).toBe(false);
});

test('to yield is an answer as long as somebody has his way', () => {
  const held = Array.from({ length: 25 }, (_, i) => refused('held', 200 + 10 * i));
  expect(judge(cut(0), heal(50), ...held).blamed).toEqual(['no-progress: 1 read, 1 read']);
  expect(judge(cut(0), heal(50), ...held, read(900)).valid).toBe(true);
  expect(judge(cut(0), heal(50), ...held.slice(0, 10)).valid).toBe(true);
});

test('where faults were expected and none came, a pass proves little; otherwise that is only told', () => {
  const quiet = tell(heal(0), read(200));
  expect(check(progress({ within: WITHIN, faultsExpected: true }), quiet).vacuous).toEqual([
    'no fault came before progress was due',
  ]);
  const verdict = check(progress({ within: WITHIN }), quiet);
  expect(verdict.vacuous).toEqual([]);
  expect(verdict.notes?.at(-1)).toContain('no fault had come before');
});

/** By the words of the definition, over the story itself. */
function starving(story: readonly Told[], healed: number): boolean {
  return story.some(
    ({ process, from = 0, outcome = 'ok' }) =>
      process !== 'nemesis' && from >= healed + 100 && outcome !== 'ok',
  );
}

test('agrees with the definition on small runs', () => {
  const seen = new Map<boolean, number>();
  const operation = fc.record({
    from: fc.integer({ min: 0, max: 400 }),
    outcome: fc.constantFrom<'ok' | 'fail' | 'info' | 'none'>('ok', 'ok', 'ok', 'fail', 'info', 'none'),
  });
  fc.assert(
    fc.property(
      fc.array(operation, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 200 }),
      (ops, healed) => {
        const reads = ops.map(
          (op, process): Told => ({ ...read(op.from, { outcome: op.outcome }), process }),
        );
        const verdict = judge(cut(0), heal(healed), ...reads);
        expect(verdict.valid).toBe(!starving(reads, healed));
        seen.set(verdict.valid as boolean, (seen.get(verdict.valid as boolean) ?? 0) + 1);
      },
    ),
    { numRuns: 500, seed: 1 },
  );
  expect(Math.min(seen.get(true)!, seen.get(false)!)).toBeGreaterThan(100);
});
