import { expect, test } from 'vitest';
import { DEFAULT_BUDGET } from '../../checkers/checker.ts';
import { historyOf } from '../../histories/builder.ts';
import type { Planned } from '../../src/generator/generator.ts';
import { limit } from '../../src/generator/limits.ts';
import { stagger } from '../../src/generator/pace.ts';
import { phases } from '../../src/generator/sequence.ts';
import { type SimulatedCompletion, simulateGenerator } from '../../src/generator/simulate.ts';
import { onClients } from '../../src/generator/threads.ts';
import { MILLISECOND } from '../../src/world/nanos.ts';
import type { Guarantee } from '../../src/world/system.ts';
import { broadcast } from '../../workloads/broadcast.ts';
import { optionsFor } from './options.ts';

test('no message is broadcast twice, and now and then a log is read', () => {
  const generator = broadcast.generator(optionsFor(broadcast, { parameters: { logs: 0.1 } }));
  const invoked = simulateGenerator(onClients(limit(400, generator))).filter((e) => e.type === 'invoke');
  const values = invoked.filter((e) => e.f === 'broadcast').map((e) => e.value);
  expect(new Set(values).size).toBe(values.length);
  const logs = invoked.filter((e) => e.f === 'log').length;
  expect(logs).toBeGreaterThan(20);
  expect(logs).toBeLessThan(80);
});

test('in the end every node tells what it has delivered', () => {
  const options = optionsFor(broadcast);
  const events = simulateGenerator(onClients(broadcast.finale(options)), { concurrency: 3 });
  const logs = events.filter((e) => e.type === 'invoke');
  expect(logs.map((e) => e.f)).toEqual(options.nodes.map(() => 'log'));
  expect(logs.map((e) => e.node).sort()).toEqual([...options.nodes].sort());
});

/** One log for all nodes, but for what `lacks` says of one. */
function oneLog(lacks: (value: unknown, node: string) => boolean): (op: Planned) => SimulatedCompletion {
  const sent: { value: unknown; by: string }[] = [];
  return ({ f, value, node = '', thread }) => {
    if (f === 'broadcast') sent.push({ value, by: `n${(Number(thread) % 5) + 1}` });
    const log = sent.flatMap(({ value: each, by }) => [
      ...(by === node ? [['broadcast', each]] : []),
      ...(lacks(each, node) ? [] : [['deliver', each]]),
    ]);
    return { type: 'ok', value: f === 'log' ? log : value, after: MILLISECOND };
  };
}

test('its checkers pass a right broadcast, not vacuously, and accuse one that loses a message', () => {
  const guarantees: readonly Guarantee[] = ['fifo-total-order-broadcast'];
  const options = optionsFor(broadcast, { guarantees });
  const verdicts = (lacks: (value: unknown, node: string) => boolean) => {
    const casts = limit(300, stagger(2 * MILLISECOND, broadcast.generator(options)));
    const generator = onClients(phases(casts, broadcast.finale(options)));
    const history = historyOf(simulateGenerator(generator, { concurrency: 5, complete: oneLog(lacks) }));
    return broadcast.checkers(options).map((checker) => checker.check(history, { budget: DEFAULT_BUDGET }));
  };
  const right = verdicts(() => false);
  expect(right.map(({ checker }) => checker)).toEqual(['fifo-total-order-broadcast', 'delivery', 'stats']);
  for (const verdict of right) expect(verdict).toMatchObject({ valid: true, vacuous: [] });
  const [safety, delivery] = verdicts((value, node) => value === 7 && node === 'n2');
  expect(delivery).toMatchObject({ property: 'liveness', valid: false });
  expect(delivery!.anomalies[0]!.kind).toBe('delivery-agreement');
  // The messages of node 2 after the one that it lacks show that it lacks it: a log with a gap is out of order.
  expect(safety!.anomalies.every(({ kind }) => kind === 'fifo-order')).toBe(true);
});
