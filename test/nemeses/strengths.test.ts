import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutLinks } from '../../nemeses/grudges.ts';
import { logScale } from '../../nemeses/log-scale.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import { RandomStream } from '../../src/world/random.ts';
import { schedule } from './schedule.ts';

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

test('the logarithmic scale stays within its ends, and small numbers are as likely as large', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 1e9 }),
      fc.integer({ min: 1, max: 1e12 }),
      (seed, from, more) => {
        const drawn = logScale(new RandomStream(String(seed)), from, from + more);
        expect(drawn).toBeGreaterThanOrEqual(from);
        expect(drawn).toBeLessThanOrEqual(from + more);
        expect(Number.isInteger(drawn)).toBe(true);
      },
    ),
  );
  const random = new RandomStream('scale');
  const draws = Array.from({ length: 1000 }, () => logScale(random, 1, 1024));
  const small = draws.filter((n) => n <= 32).length;
  expect(small).toBeGreaterThan(400);
  expect(small).toBeLessThan(600);
});

test('a kill of each target ends as many processes as its name says', () => {
  const sizes = { one: 1, leader: 1, minority: 2, majority: 3, all: 5 };
  for (const [targets, size] of Object.entries(sizes)) {
    const faults = schedule('kill', { given: { targets } });
    const first = faults.filter(({ time }) => time === faults[0]!.time).map(({ fault }) => fault);
    expect(first, targets).toHaveLength(size);
    expect(new Set(first.map((fault) => 'node' in fault && fault.node)).size).toBe(size);
  }
});

test('the leader is hit while one is known', () => {
  for (const name of ['kill', 'pause', 'clock', 'disk']) {
    const hit = schedule(name, { given: { targets: 'leader' }, primaries: ['n4'] });
    expect(new Set(hit.map(({ fault }) => 'node' in fault && fault.node)), name).toEqual(new Set(['n4']));
  }
});

test('the leader is cut off from all others, both ways', () => {
  for (const { fault } of schedule('partition', { given: { kinds: 'leader' }, primaries: ['n2'] })) {
    if (fault.kind !== 'network/cut') continue;
    const links = cutLinks(fault.grudge);
    expect(links).toHaveLength(8);
    for (const link of links) expect(link).toContain('n2');
  }
});

test('while no leader is known, any node may be taken for it', () => {
  const hit = SEEDS.flatMap((seed) => schedule('pause', { seed, given: { targets: 'leader' } }));
  expect(new Set(hit.map(({ fault }) => 'node' in fault && fault.node)).size).toBe(5);
});

test('a one-way cut leaves each of its links whole in the other direction', () => {
  for (const seed of SEEDS) {
    for (const { fault } of schedule('partition', { seed, given: { kinds: 'one-way' } })) {
      if (fault.kind !== 'network/cut') continue;
      const cut = new Set(cutLinks(fault.grudge).map(([from, to]) => `${from}>${to}`));
      expect(cut.size).toBeGreaterThan(0);
      for (const [from, to] of cutLinks(fault.grudge)) expect(cut).not.toContain(`${to}>${from}`);
    }
  }
});

test('flapping halves come and go many times within one fault', () => {
  const faults = schedule('partition', {
    given: { kinds: 'flapping', interval: '2s', duration: '5s', flap: '100ms' },
  });
  const cuts = faults.filter(({ fault }) => fault.kind === 'network/cut');
  const episodes = new Set(cuts.map(({ fault }) => JSON.stringify(fault)));
  expect(cuts.length).toBeGreaterThan(5 * episodes.size);
});

test('a partition that resets says so', () => {
  const cuts = schedule('partition', { given: { mode: 'reset' } }).filter(
    ({ fault }) => fault.kind === 'network/cut',
  );
  for (const { fault } of cuts) expect(fault).toHaveProperty('mode', 'reset');
});

test('packets suffer what was asked for, as strongly, on the links of the targets', () => {
  const given = { kinds: 'loss+delay', loss: 0.4, delay: '80ms', targets: 'one' };
  const shapes = SEEDS.flatMap((seed) => schedule('packet', { seed, given })).flatMap(({ fault }) =>
    fault.kind === 'network/shape' ? [fault] : [],
  );
  for (const { links, policy } of shapes) {
    expect(links).toHaveLength(8);
    for (const [field, value] of Object.entries(policy)) {
      if (field === 'loss') expect(value).toBe(0.4);
      else expect([field, value]).toEqual(['latency', { base: 40 * MILLISECOND, tail: 40 * MILLISECOND }]);
    }
  }
  const fields = new Set(shapes.map(({ policy }) => Object.keys(policy).sort().join()));
  expect(fields).toEqual(new Set(['latency', 'loss', 'latency,loss']));
});

test('all links means each directed link between two nodes, once', () => {
  const [first] = schedule('packet', { given: { targets: 'all' } });
  const links = first!.fault.kind === 'network/shape' ? first!.fault.links : [];
  expect(new Set(links.map(String)).size).toBe(20);
  expect(links).toHaveLength(20);
  for (const [from, to] of links) expect(from).not.toBe(to);
});

test('clocks go wrong by at most the strengths given, fast and slow, forward and back', () => {
  const signs = new Set<string>();
  for (const seed of SEEDS) {
    for (const { fault } of schedule('clock', { seed, given: { bump: '2s', strobe: '50ms', drift: 300 } })) {
      if (fault.kind === 'clock/step') expect(Math.abs(fault.by)).toBeLessThanOrEqual(2 * SECOND);
      if (fault.kind === 'clock/strobe') expect(Math.abs(fault.by)).toBeLessThanOrEqual(50 * MILLISECOND);
      if (fault.kind === 'clock/drift') expect(Math.abs(fault.ppm)).toBeLessThanOrEqual(300);
      if ('by' in fault) signs.add(`${fault.kind} ${Math.sign(fault.by)}`);
      if ('ppm' in fault) signs.add(`${fault.kind} ${Math.sign(fault.ppm)}`);
    }
  }
  expect(signs.size).toBe(6);
});

test('a bit flips only when asked for, and in a dead process, so that the restart finds it', () => {
  const kinds = (given: Record<string, unknown>) =>
    SEEDS.flatMap((seed) => schedule('disk', { seed, given })).map(({ fault }) => fault.kind);
  expect(kinds({})).not.toContain('disk/bit-flip');
  const flips = kinds({ kinds: 'bit-flip', targets: 'one' });
  expect(flips.slice(0, 3)).toEqual(['process/kill', 'disk/bit-flip', 'process/start']);
});

test('a torn write is a power loss that tears, a lost one never does', () => {
  const fates = (kinds: string) =>
    new Set(
      SEEDS.flatMap((seed) => schedule('disk', { seed, given: { kinds } })).flatMap(({ fault }) =>
        fault.kind === 'disk/lose-unsynced' ? [fault.fate] : [],
      ),
    );
  expect(fates('torn-write')).toEqual(new Set(['torn']));
  expect(fates('lose-unsynced')).toEqual(new Set(['lost', 'prefix']));
});

test('processes that may have died of their disk are started once it is well', () => {
  const faults = schedule('disk', { given: { kinds: 'enospc', targets: 'one' } }).map(
    ({ fault }) => fault.kind,
  );
  expect(faults.slice(0, 3)).toEqual(['disk/enospc', 'disk/heal', 'process/start']);
});
