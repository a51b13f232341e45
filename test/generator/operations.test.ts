import { expect, test } from 'vitest';
import type { Generator } from '../../src/generator/generator.ts';
import { limit, timeLimit } from '../../src/generator/limits.ts';
import { log } from '../../src/generator/log.ts';
import { once, operations, repeat } from '../../src/generator/operations.ts';
import { delay, sleep, stagger } from '../../src/generator/pace.ts';
import { sequence } from '../../src/generator/sequence.ts';
import { simulateGenerator } from '../../src/generator/simulate.ts';
import { onClients } from '../../src/generator/threads.ts';
import { filter, map, withRandom } from '../../src/generator/transform.ts';
import { untilOk } from '../../src/generator/until-ok.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import { randomOf } from '../../src/world/random.ts';
import { invocations } from './invocations.ts';

const READ = { f: 'read', value: null };

function counter(): Generator {
  let n = 0;
  return operations(() => ({ f: 'write', value: ++n }));
}

test('once gives its operation once', () => {
  expect(invocations(simulateGenerator(once(READ)))).toMatchObject([{ f: 'read', time: 0 }]);
});

test('an operation may name its key and its node', () => {
  const [event] = simulateGenerator(once({ ...READ, key: 'x0', node: 'n2' }));
  expect(event).toMatchObject({ key: 'x0', node: 'n2' });
});

test('operations spread evenly over the free threads', () => {
  const events = simulateGenerator(onClients(limit(900, delay(20 * MILLISECOND, repeat(READ)))));
  const perProcess = [0, 0, 0];
  for (const { process } of invocations(events)) perProcess[process as number]!++;
  for (const count of perProcess) expect(count).toBeGreaterThan(240);
});

test('no thread gets an operation while it has one open', () => {
  const events = simulateGenerator(limit(50, repeat(READ)));
  const open = new Set<unknown>();
  for (const { process, type } of events) {
    if (type === 'invoke') {
      expect(open.has(process)).toBe(false);
      open.add(process);
    } else open.delete(process);
  }
  expect(open.size).toBe(0);
});

test('limit ends after so many operations', () => {
  expect(invocations(simulateGenerator(limit(7, counter()))).map((op) => op.value)).toEqual([
    1, 2, 3, 4, 5, 6, 7,
  ]);
});

test('timeLimit lets nothing begin at or after its end, counted from the first asking', () => {
  const late = sequence(sleep(SECOND), timeLimit(SECOND, delay(100 * MILLISECOND, repeat(READ))));
  const times = invocations(simulateGenerator(late)).map((op) => op.time);
  expect(times[0]).toBe(SECOND);
  expect(times.at(-1)).toBe(1_900 * MILLISECOND);
  expect(times.length).toBe(10);
});

test('timeLimit ends on time though what it limits waits for an event', () => {
  const waiting: Generator = { next: () => ({ pending: {} }) };
  const events = simulateGenerator(sequence(timeLimit(SECOND, waiting), once(READ)));
  expect(events[0]!.time).toBe(SECOND);
});

test('stagger makes the rate of all threads together, at uneven intervals', () => {
  for (const concurrency of [1, 5, 20]) {
    const events = simulateGenerator(onClients(timeLimit(30 * SECOND, stagger(SECOND / 100, repeat(READ)))), {
      concurrency,
      complete: () => ({ type: 'ok', after: MILLISECOND }),
    });
    const times = invocations(events).map((op) => op.time);
    expect(times.length).toBeGreaterThan(2_800);
    expect(times.length).toBeLessThan(3_200);
    const gaps = times.slice(1).map((time, i) => time - times[i]!);
    expect(gaps.filter((gap) => gap < 5 * MILLISECOND).length).toBeGreaterThan(600);
    expect(gaps.filter((gap) => gap > 15 * MILLISECOND).length).toBeGreaterThan(600);
    expect(Math.max(...gaps)).toBeLessThan(21 * MILLISECOND);
  }
});

test('stagger does not make up for operations that had to wait for a thread', () => {
  const events = simulateGenerator(onClients(limit(20, stagger(10 * MILLISECOND, repeat(READ)))), {
    concurrency: 1,
    complete: (_, { time }) => ({ type: 'ok', after: time === 0 ? SECOND : MILLISECOND }),
  });
  const times = invocations(events).map((op) => op.time);
  expect(times[1]).toBe(SECOND);
  expect(times.at(-1)).toBeGreaterThan(SECOND + 80 * MILLISECOND);
});

test('delay keeps operations at least its interval apart', () => {
  const events = simulateGenerator(limit(5, delay(50 * MILLISECOND, repeat(READ))));
  expect(invocations(events).map((op) => op.time / MILLISECOND)).toEqual([0, 50, 100, 150, 200]);
});

test('map changes operations and filter drops them', () => {
  const doubled = map((op) => ({ ...op, value: (op.value as number) * 2 }), counter());
  const kept = filter((op) => (op.value as number) % 3 === 0, doubled);
  expect(invocations(simulateGenerator(limit(3, kept))).map((op) => op.value)).toEqual([6, 12, 18]);
});

test('untilOk goes on after fail and info, and ends with the first ok', () => {
  let tries = 0;
  const outcomes = ['fail', 'info', 'ok', 'ok'] as const;
  const events = simulateGenerator(onClients(untilOk(repeat(READ))), {
    concurrency: 1,
    complete: () => ({ type: outcomes[tries++]!, after: MILLISECOND }),
  });
  expect(events.filter((e) => e.type !== 'invoke').map((e) => e.type)).toEqual(['fail', 'info', 'ok']);
});

test('untilOk goes on while another node answers than the one that is meant', () => {
  const answering = ['n1', 'n3', 'n2', 'n2'];
  let tries = 0;
  const events = simulateGenerator(onClients(untilOk(repeat({ ...READ, node: 'n2' }))), {
    concurrency: 1,
    complete: () => ({ type: 'ok', after: MILLISECOND, node: answering[tries++]! }),
  });
  expect(events.filter((e) => e.type !== 'invoke').map((e) => e.node)).toEqual(['n1', 'n3', 'n2']);
});

test('untilOk takes no notice of what others complete', () => {
  const mine = onClients(untilOk(limit(3, delay(30 * MILLISECOND, repeat(READ)))));
  const others = sequence(once({ f: 'other', value: null }), mine);
  const events = simulateGenerator(others, {
    concurrency: 2,
    complete: (op) => ({ type: op.f === 'other' ? 'ok' : 'fail', after: MILLISECOND }),
  });
  expect(invocations(events).filter((op) => op.f === 'read').length).toBe(3);
});

test('log speaks when its turn comes, once, and performs nothing', () => {
  const lines: string[] = [];
  const generator = sequence(
    limit(2, repeat(READ)),
    log('writes begin', (line) => lines.push(line)),
    once(READ),
  );
  expect(invocations(simulateGenerator(generator)).length).toBe(3);
  expect(lines).toEqual(['writes begin']);
});

test('withRandom makes draws independent of what else draws from the stream at hand', () => {
  const values = (extra: boolean): unknown[] => {
    const own = withRandom(
      randomOf(7),
      operations(({ random }) => ({ f: 'write', value: random.int(1000) })),
    );
    const greedy: Generator = {
      next(context) {
        if (extra) context.random.float();
        return own.next(context);
      },
    };
    return invocations(simulateGenerator(onClients(limit(20, greedy)), { concurrency: 1 })).map(
      (op) => op.value,
    );
  };
  expect(values(true)).toEqual(values(false));
});

test('a generator that waits for ever is an error, not a hang', () => {
  expect(() => simulateGenerator({ next: () => ({ pending: {} }) })).toThrow('nothing is under way');
  expect(() => simulateGenerator({ next: () => ({ pending: { until: 0 } }) })).toThrow('has passed');
});
