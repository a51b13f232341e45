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
import { MILLISECOND } from '../../src/world/nanos.ts';
import { longFork } from '../../workloads/long-fork.ts';
import { rwRegister } from '../../workloads/rw-register.ts';
import type { Workload } from '../../workloads/workload.ts';
import { optionsFor } from './options.ts';

type Micro = [f: string, key: string, value: number | null];

/** Registers that take each transaction at once and answer after 5 ms; `see` may spoil what a read sees. */
function registers(see: (micro: Micro, held: number | null, op: Planned) => number | null) {
  const held = new Map<string, number | null>();
  return (op: Planned): SimulatedCompletion => {
    const value = (op.value as Micro[]).map((micro): Micro => {
      const [f, key, written] = micro;
      if (f === 'r') return [f, key, see(micro, held.get(key) ?? null, op)];
      held.set(key, written);
      return micro;
    });
    return { type: 'ok', value, after: 5 * MILLISECOND };
  };
}

function play(workload: Workload, complete: (op: Planned) => SimulatedCompletion): Op[] {
  const options = optionsFor(workload);
  const transactions = limit(300, stagger(MILLISECOND, workload.generator(options)));
  const generator = onClients(phases(transactions, workload.finale(options)));
  return simulateGenerator(generator, { concurrency: 4, complete });
}

function judge(workload: Workload, events: readonly Op[]) {
  const history = historyOf(events);
  const checkers = workload.checkers(optionsFor(workload));
  return checkers.map((checker) => checker.check(history, { budget: DEFAULT_BUDGET }));
}

const right = () => registers((_, held) => held);

test('rw-register: no value is written twice to a register, and every register is read at the end on every node', () => {
  const events = play(rwRegister, right()).filter((e) => e.type === 'invoke');
  const micros = events.flatMap((e) => e.value as Micro[]);
  const writes = micros.filter(([f]) => f === 'w');
  expect(writes.length).toBeGreaterThan(200);
  expect(new Set(writes.map(([, key, value]) => `${key} ${value}`)).size).toBe(writes.length);
  const touched = new Set(micros.map(([, key]) => key));
  for (const node of ['n1', 'n2', 'n3']) {
    const last = events.slice(300).filter((e) => e.node === node);
    expect(new Set(last.flatMap((e) => e.value as Micro[]).map(([, key]) => key))).toEqual(touched);
  }
});

test('rw-register: right registers pass, not vacuously, and a read of an old value is found', () => {
  for (const verdict of judge(rwRegister, play(rwRegister, right())))
    expect(verdict).toMatchObject({ valid: true, vacuous: [] });
  let reads = 0;
  const stale = registers((_, held) => (held !== null && held > 2 && ++reads === 50 ? held - 2 : held));
  expect(judge(rwRegister, play(rwRegister, stale))[0]!.valid).toBe(false);
});

test('rw-register is held against what is promised', () => {
  const about = (...guarantees: ('linearizable' | 'snapshot-isolation' | 'read-committed')[]) =>
    rwRegister.checkers(optionsFor(rwRegister, { guarantees }))[0]!.about;
  expect(about('linearizable')).toContain('strict-serializable');
  expect(about('read-committed', 'snapshot-isolation')).toContain('snapshot-isolation');
  expect(about()).toContain('read-uncommitted');
});

test('long-fork: each key is written once, and reads take whole groups', () => {
  const values = play(longFork, right())
    .filter((e) => e.type === 'invoke')
    .slice(0, 300)
    .map((e) => e.value as Micro[]);
  const writes = values.filter(([micro]) => micro![0] === 'w');
  expect(new Set(writes.map(([micro]) => micro![1])).size).toBe(writes.length);
  const reads = values.filter(([micro]) => micro![0] === 'r');
  expect(reads.length).toBeGreaterThan(100);
  for (const read of reads) expect(read).toHaveLength(3);
});

test('long-fork: one order of writes passes, two are found', () => {
  const verdicts = judge(longFork, play(longFork, right()));
  for (const verdict of verdicts) expect(verdict).toMatchObject({ valid: true, vacuous: [] });
  // Each thread hears of the writes of the keys that are its own at once, and of the others later.
  const written = new Map<string, number>();
  let now = 0;
  const forked = registers(([, key], held, { thread }) => {
    now++;
    if (held !== null && !written.has(key)) written.set(key, now);
    const own = (Number(key.slice(1)) + Number(thread)) % 2 === 0;
    return own || now - (written.get(key) ?? now) > 60 ? held : null;
  });
  expect(judge(longFork, play(longFork, forked))[0]).toMatchObject({ checker: 'long-fork', valid: false });
});
