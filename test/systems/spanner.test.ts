import { expect, test } from 'vitest';
import { Locks } from '../../src/systems/sim/spanner/locks.ts';
import type { Entry, Part } from '../../src/systems/sim/spanner/messages.ts';
import { Replica } from '../../src/systems/sim/spanner/replica.ts';
import { SECOND } from '../../src/world/nanos.ts';
import { findings, run } from './run.ts';

/** A lock table that tells what becomes of each request, as `old x` or `not old x`. */
function table() {
  const locks = new Locks();
  const told: string[] = [];
  const ask = (txn: string, key: string, exclusive = true) => {
    // Ages go by the alphabet: `a` is the oldest.
    const granted = (ok: boolean) => told.push(`${ok ? '' : 'not '}${txn} ${key}`);
    locks.request({ txn, age: txn, key, exclusive, granted });
  };
  return { locks, told, ask };
}

test('readers share a lock, a writer has it alone, and a younger transaction waits for an older', () => {
  const { locks, told, ask } = table();
  ask('a', 'x', false);
  ask('b', 'x', false);
  ask('c', 'x');
  expect(told).toEqual(['a x', 'b x']);
  locks.release('a');
  expect(told).toEqual(['a x', 'b x']);
  locks.release('b');
  expect(told).toEqual(['a x', 'b x', 'c x']);
  expect([locks.holds('c', 'x', true), locks.holds('a', 'x', false)]).toEqual([true, false]);
});

test('an older transaction takes a lock from a younger one, which is aborted with all that it waits for', () => {
  const { locks, told, ask } = table();
  ask('c', 'y');
  ask('b', 'x');
  ask('d', 'y');
  ask('d', 'z');
  ask('a', 'x');
  expect(told).toEqual(['c y', 'b x', 'd z', 'a x']);
  ask('a', 'z');
  expect(told.slice(4)).toEqual(['not d y', 'a z']);
  expect(locks.holds('b', 'x', true)).toBe(false);
});

test('a transaction that is about to commit keeps its locks, from an older one too', () => {
  const { locks, told, ask } = table();
  ask('b', 'x');
  locks.commits('b');
  ask('a', 'x');
  expect(told).toEqual(['b x']);
  locks.release('b');
  expect(told).toEqual(['b x', 'a x']);
});

test('two that want the same two locks in different orders both get through', () => {
  const { locks, told, ask } = table();
  ask('a', 'x');
  ask('b', 'y');
  ask('b', 'x');
  ask('a', 'y');
  expect(told).toEqual(['a x', 'b y', 'not b x', 'a y']);
  locks.release('a');
  ask('b', 'y');
  expect(told.at(-1)).toBe('b y');
});

const part = (value: unknown): Part => ({ group: 0, reads: [], writes: [['x', value]] });
const prepare = (txn: string, ts: number, value: unknown): Entry => ({
  f: 'prepare',
  txn,
  part: part(value),
  coordinator: 1,
  ts,
});

function replica(...entries: readonly Entry[]): Replica {
  const made = new Replica(0, new Map(), () => {});
  for (const entry of entries) made.perform({ f: entry.f, key: null, value: entry });
  return made;
}

test('a read is safe once the log has passed its time, and nothing that was prepared before it is open', () => {
  expect(replica({ f: 'tick', ts: 10 }).isSafe(10)).toBe(true);
  expect(replica({ f: 'tick', ts: 10 }).isSafe(11)).toBe(false);
  const open = replica(prepare('t', 5, 'a'), { f: 'tick', ts: 10 });
  expect([open.isSafe(4), open.isSafe(5), open.isSafe(10)]).toEqual([true, false, false]);
  const done = replica(prepare('t', 5, 'a'), { f: 'tick', ts: 10 }, { f: 'finish', txn: 't', outcome: 7 });
  expect([done.isSafe(10), done.read('x', 6), done.read('x', 7), done.read('x')]).toEqual([
    true,
    null,
    'a',
    'a',
  ]);
});

test('the first decision holds, and nobody sees it before it takes effect', () => {
  const decide = (outcome: number | 'abort'): Entry => ({
    f: 'decide',
    txn: 't',
    part: part('a'),
    participants: [],
    outcome,
  });
  const decided = replica(decide(7), decide('abort'), { f: 'tick', ts: 20 });
  expect(decided.decided.get('t')?.outcome).toBe(7);
  expect([decided.isSafe(6), decided.isSafe(7), decided.read('x')]).toEqual([true, false, null]);
});

test('what was aborted before it was prepared stays so', () => {
  const late = replica({ f: 'finish', txn: 't', outcome: 'abort' }, prepare('t', 5, 'a'), {
    f: 'tick',
    ts: 9,
  });
  expect([late.open.size, late.isSafe(9)]).toEqual([0, true]);
});

const SHORT = { system: 'spanner', timeLimit: 6 * SECOND, settle: 4 * SECOND };

test.each(['no-commit-wait', 'epsilon-understated', 'ignores-safe-time', 'locks-not-restored'])(
  '%s is found',
  async (bug) => {
    const valid: unknown[] = [];
    for (let seed = 1; seed <= 3 && !valid.includes(false); seed++)
      valid.push((await run({ ...SHORT, timeLimit: 10 * SECOND, bug, seed })).valid);
    expect(valid).toContain(false);
  },
);

test.each(['append', 'bank'])('the right one is never accused (%s)', async (workload) => {
  for (let seed = 1; seed <= 2; seed++)
    expect(findings(await run({ ...SHORT, workload, seed }))).toEqual({ anomalies: [], vacuous: [] });
});

test('clocks that are worse than the model says break it, and the verdict says whose fault that is', async () => {
  const nemeses = 'clock:kinds=bump,bump=100ms,interval=50ms,duration=1s,targets=minority+majority';
  await expect(run({ ...SHORT, nemeses, seed: 1 })).rejects.toThrow('it needs clock-error 100ms');
  const outcome = await run({ ...SHORT, nemeses, seed: 1, beyondModel: true });
  expect(outcome.valid).toBe(false);
  expect(outcome.beyond).toEqual(['clock-error 100ms']);
});

test('a larger epsilon bears as much more, at the price of a longer wait', async () => {
  const nemeses = 'clock:kinds=bump,bump=20ms,interval=50ms,duration=1s,targets=minority+majority';
  const outcome = await run({ ...SHORT, systemParameters: { epsilon: '20ms' }, nemeses, seed: 1 });
  expect([outcome.valid, outcome.beyond]).toEqual([true, []]);
});
