import { expect, test } from 'vitest';
import { DEFAULT_BUDGET } from '../../checkers/checker.ts';
import { historyOf } from '../../histories/builder.ts';
import type { Op } from '../../histories/op.ts';
import type { Planned } from '../../src/generator/generator.ts';
import { limit } from '../../src/generator/limits.ts';
import { stagger } from '../../src/generator/pace.ts';
import { phases } from '../../src/generator/sequence.ts';
import { type SimulatedCompletion, simulateGenerator } from '../../src/generator/simulate.ts';
import { onClients } from '../../src/generator/threads.ts';
import { emptyStateMachine, operationOf, perform } from '../../src/systems/sim/shared/state-machine.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import { bank } from '../../workloads/bank.ts';
import { counter } from '../../workloads/counter.ts';
import { queue } from '../../workloads/queue.ts';
import { uniqueIds } from '../../workloads/unique-ids.ts';
import type { Workload, WorkloadOptions } from '../../workloads/workload.ts';
import { optionsFor } from './options.ts';

type Complete = (op: Planned) => SimulatedCompletion;

/** The object that the workload is about: takes each operation at once and answers after 5 ms. */
function right({ name }: Workload): Complete {
  const machine = emptyStateMachine();
  return ({ f, value }) => ({
    ...perform(machine, operationOf(name, { f, value })),
    after: 5 * MILLISECOND,
  });
}

/** The same, but the answer to one operation in `every` of this function is another. */
function wrong(workload: Workload, f: string, every: number, spoil: (value: unknown) => unknown): Complete {
  const complete = right(workload);
  let seen = 0;
  return (op) => {
    const completion = complete(op);
    if (op.f !== f || completion.type !== 'ok' || ++seen % every !== 0) return completion;
    return { ...completion, value: spoil(completion.value) };
  };
}

function play(workload: Workload, options: WorkloadOptions, complete: Complete): Op[] {
  const operations = limit(300, stagger(MILLISECOND, workload.generator(options)));
  const generator = onClients(phases(operations, workload.finale(options)));
  return simulateGenerator(generator, { concurrency: options.concurrency, complete });
}

function optionsOf(workload: Workload, given: Parameters<typeof optionsFor>[1] = {}): WorkloadOptions {
  return optionsFor(workload, { functions: [], ...given });
}

function verdicts(workload: Workload, complete: Complete, options = optionsOf(workload)) {
  const history = historyOf(play(workload, options, complete));
  return workload.checkers(options).map((checker) => checker.check(history, { budget: DEFAULT_BUDGET }));
}

test.each([bank, queue, counter, uniqueIds])('$name: a right one passes, not vacuously', (workload) => {
  for (const verdict of verdicts(workload, right(workload)))
    expect(verdict).toMatchObject({ valid: true, vacuous: [] });
});

test('bank: a read that misses half of a transfer is found', () => {
  const half = wrong(bank, 'read', 40, (value) => ({ ...(value as object), 0: 0 }));
  expect(verdicts(bank, half)[0]).toMatchObject({ checker: 'bank', valid: false });
});

test('bank: money goes from one account to another, and what is not there is refused', () => {
  const events = play(bank, optionsOf(bank), right(bank));
  const transfers = events.filter((e) => e.f === 'transfer' && e.type === 'invoke');
  expect(transfers.length).toBeGreaterThan(100);
  for (const { value } of transfers) {
    const { from, to, amount } = value as { from: number; to: number; amount: number };
    expect(from).not.toBe(to);
    expect(Math.max(from, to)).toBeLessThan(8);
    expect(amount).toBeGreaterThan(0);
  }
  const refused = events.filter((e) => e.type === 'fail');
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(transfers.length / 2);
});

test('bank: nobody promises whole reads of transactions that only read what is committed', () => {
  const checkers = bank.checkers(optionsOf(bank, { guarantees: ['read-committed'] }));
  expect(checkers.map(({ name }) => name)).toEqual(['stats']);
});

test('queue: an element that comes out twice, or before its turn, is found', () => {
  let previous: unknown = null;
  const twice = wrong(queue, 'dequeue', 30, () => previous);
  const remembering: Complete = (op) => {
    const completion = twice(op);
    if (op.f === 'dequeue' && completion.type === 'ok') previous = completion.value;
    return completion;
  };
  expect(verdicts(queue, remembering).map(({ valid }) => valid)).toEqual([false, false, true]);
});

test('queue: in the end it is emptied, by dequeues or by a drain', () => {
  const options = optionsOf(queue, { parameters: { enqueues: 0.8 } });
  const events = play(queue, options, right(queue));
  expect(events.filter((e) => e.error === 'empty').length).toBeGreaterThan(0);
  const taken = events.filter((e) => e.type === 'ok' && e.f === 'dequeue').length;
  expect(taken).toBe(events.filter((e) => e.type === 'ok' && e.f === 'enqueue').length);
  const drained = play(queue, { ...options, functions: ['drain'] }, () => ({ type: 'ok', after: 1 }));
  expect(drained.filter((e) => e.f === 'drain' && e.type === 'ok')).toHaveLength(1);
});

test('queue: emptying a dead system comes to an end', () => {
  const dead: Complete = () => ({ type: 'fail', error: 'no-leader', after: MILLISECOND });
  const events = simulateGenerator(onClients(queue.finale(optionsOf(queue))), { complete: dead });
  expect(events.at(-1)!.time).toBeLessThan(61 * SECOND);
});

test('queue: without an order promised, only what goes in must come out', () => {
  const checkers = queue.checkers(optionsOf(queue, { guarantees: [] }));
  expect(checkers.map(({ name }) => name)).toEqual(['total-queue', 'stats']);
});

test('counter: a read that misses an add is found', () => {
  const short = wrong(counter, 'read', 20, (value) => (value as number) - 6);
  expect(verdicts(counter, short).map(({ valid }) => valid)).toEqual([false, false, true]);
});

test('counter: it can be made to go down', () => {
  const added = (parameters: Record<string, unknown>) =>
    play(counter, optionsOf(counter, { parameters }), right(counter))
      .filter((e) => e.type === 'invoke' && e.f === 'add')
      .map((e) => e.value as number);
  expect(Math.min(...added({}))).toBe(1);
  expect(Math.min(...added({ decrements: 0.5 }))).toBe(-5);
});

test('counter: the checkers are those of what the system promises', () => {
  const names = (guarantees: WorkloadOptions['guarantees']) =>
    counter.checkers(optionsOf(counter, { guarantees })).map(({ name }) => name);
  expect(names(['linearizable'])).toEqual(['linearizable', 'counter', 'stats']);
  expect(names(['eventual'])).toEqual(['pn-counter', 'convergence', 'stats']);
  expect(names([])).toEqual(['stats']);
});

test('unique-ids: an id that is given out twice is found', () => {
  expect(
    verdicts(
      uniqueIds,
      wrong(uniqueIds, 'generate', 50, () => 1),
    )[0]!.valid,
  ).toBe(false);
});
