import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nemeses } from '../../nemeses/registry.ts';
import { drawSwarm, SWARM_NEMESES } from '../../nemeses/swarm-draw.ts';
import { minority } from '../../nemeses/targets.ts';
import { MILLISECOND, type Nanos, SECOND } from '../../src/world/nanos.ts';
import { RandomStream } from '../../src/world/random.ts';
import {
  BENIGN,
  beyond,
  formatModel,
  NETWORK_MODELS,
  NODE_MODELS,
  type SystemModel,
  TIMING_MODELS,
} from '../../src/world/system-model.ts';
import { UsageError } from '../../src/world/usage-error.ts';
import { healthySpells } from './ailments.ts';
import { schedule, WILDEST } from './schedule.ts';

const NAMES = SWARM_NEMESES.map(({ name }) => name);
const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);

const MODELS: readonly SystemModel[] = NETWORK_MODELS.flatMap((network) =>
  NODE_MODELS.flatMap((nodes) => TIMING_MODELS.map((timing) => ({ network, nodes, timing }))),
);

/** How many nodes there are, and how many of them may fail and lie. */
function counts(nodes: number, model: SystemModel) {
  const mayLie = model.nodes === 'byzantine' ? Math.floor((nodes - 1) / 3) : 0;
  return { nodes, mayFail: nodes, mayLie };
}

function drawOf(seed: number, model = WILDEST, nodes = 5) {
  return drawSwarm(NAMES, { random: new RandomStream(`${seed}/swarm`), model, ...counts(nodes, model) });
}

/** The share of time, in a storm, during which a fault of this nemesis lasts. */
function busy(parameters: Readonly<Record<string, unknown>>): number {
  const { interval, duration } = parameters as { interval: Nanos; duration: Nanos };
  return duration / (interval + duration);
}

test('over 200 seeds each nemesis is there often and missing often, and so are combinations', () => {
  const draws = SEEDS.map((seed) => drawOf(seed).members.map(({ nemesis }) => nemesis.name));
  for (const name of NAMES) {
    const count = draws.filter((names) => names.includes(name)).length;
    expect(count, name).toBeGreaterThan(60);
    expect(count, name).toBeLessThan(140);
  }
  const injured = ['kill', 'partition', 'disk'];
  expect(draws.filter((names) => injured.every((name) => names.includes(name))).length).toBeGreaterThan(20);
  expect(draws.filter((names) => names.length === 1).length).toBeGreaterThan(20);
  expect(draws.filter((names) => names.length >= 5).length).toBeGreaterThan(20);
  expect(draws.filter((names) => names.length === 0)).toEqual([]);
});

test('clocks jump within the bound that the model sets, and they do jump', () => {
  const model = { ...WILDEST, timing: 'partially-synchronous', clockError: 4 * MILLISECOND } as const;
  const clocks = SEEDS.flatMap((seed) =>
    drawOf(seed, model).members.filter(({ nemesis }) => nemesis.name === 'clock'),
  );
  for (const { parameters } of clocks)
    expect(Math.max(parameters.bump as Nanos, parameters.strobe as Nanos)).toBeLessThanOrEqual(
      4 * MILLISECOND,
    );
  const kinds = clocks.flatMap(({ parameters }) => parameters.kinds as string[]);
  expect(new Set(kinds)).toEqual(new Set(['bump', 'strobe', 'drift']));
});

test('over 200 seeds there are calm runs and brutal ones', () => {
  const loads = SEEDS.map((seed) => drawOf(seed).members.reduce((sum, m) => sum + busy(m.parameters), 0));
  expect(loads.filter((load) => load < 0.4).length).toBeGreaterThan(20);
  expect(loads.filter((load) => load > 2).length).toBeGreaterThan(20);
});

test('over 200 seeds each kind of fault is drawn, weak and strong', () => {
  const strengths = new Map<string, number[]>();
  const kinds = new Set<unknown>();
  for (const { members } of SEEDS.map((seed) => drawOf(seed))) {
    for (const { nemesis, parameters } of members) {
      for (const [name, value] of Object.entries(parameters)) {
        if (Array.isArray(value)) for (const kind of value) kinds.add(`${nemesis.name} ${name} ${kind}`);
        if (typeof value !== 'number') continue;
        const key = `${nemesis.name} ${name}`;
        strengths.set(key, [...(strengths.get(key) ?? []), value]);
      }
    }
  }
  // The system says how many lie.
  strengths.delete('byzantine liars');
  for (const [name, values] of strengths)
    expect(Math.max(...values) / Math.min(...values), name).toBeGreaterThan(8);
  for (const { name, parameters } of SWARM_NEMESES) {
    for (const [key, parameter] of Object.entries(parameters)) {
      if (parameter.type !== 'choices') continue;
      const all = parameter.of.filter((choice) => choice !== 'bit-flip');
      expect(
        all.filter((choice) => !kinds.has(`${name} ${key} ${choice}`)),
        `${name} ${key}`,
      ).toEqual([]);
    }
  }
  expect(kinds).not.toContain('disk kinds bit-flip');
});

test('a swarm never leaves the model, on any number of nodes', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.constantFrom(...MODELS),
      fc.integer({ min: 1, max: 7 }),
      (seed, model, nodes) => {
        for (const { nemesis, parameters } of drawOf(seed, model, nodes).members) {
          expect(beyond(model, nemesis.permits(parameters))).toEqual([]);
          const random = new RandomStream('trial');
          const all = Array(nodes).fill('n');
          const faulty = { mayFail: all, mayLie: all.slice(0, counts(nodes, model).mayLie) };
          nemesis.episodes({ nodes: all, ...faulty, primaries: () => [], random, model, parameters });
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('of each nemesis the model still gets the part that it permits', () => {
  const kindsOf = (name: string, model: SystemModel) => {
    const members = SEEDS.flatMap((seed) => drawOf(seed, model).members);
    const named = members.filter(({ nemesis }) => nemesis.name === name);
    expect(named.length, name).toBeGreaterThan(60);
    return [...new Set(named.flatMap(({ parameters }) => parameters.kinds))].sort();
  };
  const lossy: SystemModel = { network: 'fair-loss', nodes: 'crash-stop', timing: 'synchronous' };
  expect(kindsOf('packet', lossy)).toEqual(['duplicate', 'loss']);
  const late: SystemModel = { network: 'reliable', nodes: 'crash-stop', timing: 'partially-synchronous' };
  expect(kindsOf('packet', late)).toEqual(['delay']);
  expect(kindsOf('clock', late)).toEqual(['drift']);
  expect(kindsOf('disk', late)).toEqual(['slow']);
});

test('in the crash-stop model nobody is started and no more than a minority dies', () => {
  const model: SystemModel = { network: 'fair-loss', nodes: 'crash-stop', timing: 'asynchronous' };
  let deaths = 0;
  for (const seed of SEEDS) {
    const dead = new Set<string>();
    for (const { fault } of schedule('swarm', { seed, model })) {
      expect(fault.kind).not.toBe('process/start');
      expect(fault.kind).not.toBe('disk/lose-unsynced');
      if (fault.kind === 'process/kill') dead.add(fault.node);
    }
    expect(dead.size).toBeLessThanOrEqual(minority(5));
    deaths += dead.size;
  }
  expect(deaths).toBeGreaterThan(100);
});

test('on reliable links of a synchronous model packets and time are left alone', () => {
  const model: SystemModel = { network: 'reliable', nodes: 'crash-recovery', timing: 'synchronous' };
  const kinds = new Set(
    SEEDS.flatMap((seed) => schedule('swarm', { seed, model })).map(({ fault }) => fault.kind),
  );
  for (const kind of kinds)
    expect(kind).toMatch(/^(process\/(kill|start)|disk\/(lose-unsynced|eio|enospc|heal))$/);
});

test('every run of 30 s has faults early on and a second at a time without any', () => {
  for (const seed of SEEDS) {
    const faults = schedule('swarm', { seed });
    expect(faults.length, `seed ${seed}`).toBeGreaterThan(0);
    expect(faults[0]!.time, `seed ${seed}`).toBeLessThan(5 * SECOND);
    const spells = healthySpells([...faults, { time: 30 * SECOND, fault: { kind: 'network/heal' } }]);
    const longest = Math.max(...spells.map(({ from, until }) => until - from));
    expect(longest, `seed ${seed}`).toBeGreaterThanOrEqual(SECOND);
  }
});

test('faults of different nemeses overlap', () => {
  let overlapping = 0;
  for (const seed of SEEDS.slice(0, 50)) {
    const surfaces = new Set<string>();
    for (const { fault } of schedule('swarm', { seed })) {
      if (fault.kind === 'network/cut') surfaces.add('cut');
      if (fault.kind === 'network/heal') surfaces.delete('cut');
      if (fault.kind === 'process/kill' && surfaces.has('cut')) overlapping++;
    }
  }
  expect(overlapping).toBeGreaterThan(100);
});

test('it draws only among the nemeses that it was given, and says it uses only theirs', () => {
  const given = { faults: 'partition+pause' };
  const { parameters } = nemeses.swarm!;
  expect(parameters.faults?.default).toEqual(NAMES);
  expect([...nemeses.swarm!.uses({ faults: ['byzantine'] }, BENIGN)]).toEqual([]);
  expect([...nemeses.swarm!.uses({ faults: ['byzantine'] }, { ...BENIGN, nodes: 'byzantine' })]).toContain(
    'process/lie',
  );
  expect([...nemeses.swarm!.uses({ faults: ['partition', 'pause'] })].sort()).toEqual([
    'network/cut',
    'network/heal',
    'process/pause',
    'process/resume',
  ]);
  for (const seed of SEEDS.slice(0, 50))
    for (const { fault } of schedule('swarm', { seed, given }))
      expect(fault.kind).toMatch(/^(network|process)\/(cut|heal|pause|resume)$/);
});

test('adding a member leaves the others as they were', () => {
  const parametersOf = (names: readonly string[], seed: number) =>
    drawSwarm(names, {
      random: new RandomStream(`${seed}`),
      model: WILDEST,
      ...counts(5, WILDEST),
    }).members.find(({ nemesis }) => nemesis.name === 'kill')?.parameters;
  const both = SEEDS.map((seed) => [parametersOf(['kill'], seed), parametersOf(NAMES, seed)] as const);
  const drawn = both.filter(([, amongAll]) => amongAll !== undefined);
  expect(drawn.length).toBeGreaterThan(50);
  for (const [alone, amongAll] of drawn) expect(amongAll).toEqual(alone);
});

test('where nothing is possible, the swarm is refused with the model and the number of nodes', () => {
  const model: SystemModel = { network: 'reliable', nodes: 'crash-stop', timing: 'synchronous' };
  expect(() => schedule('swarm', { nodes: 2, model })).toThrow(UsageError);
  expect(() => schedule('swarm', { nodes: 2, model })).toThrow(`on 2 nodes within ${formatModel(model)}`);
});

test('no fault outlasts the lull, so that each storm begins with everything healthy', () => {
  for (const seed of SEEDS) {
    const { members, lull } = drawOf(seed);
    for (const { parameters } of members)
      expect(lull).toBeGreaterThanOrEqual(1.5 * (parameters.duration as Nanos) + 1000 * MILLISECOND);
  }
});
