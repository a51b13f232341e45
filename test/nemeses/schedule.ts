import type { Nemesis } from '../../nemeses/nemesis.ts';
import { nemeses } from '../../nemeses/registry.ts';
import { type Fault, faultOfOp, type NodeId } from '../../src/faults/fault.ts';
import { any } from '../../src/generator/choice.ts';
import type { Generator } from '../../src/generator/generator.ts';
import { timeLimit } from '../../src/generator/limits.ts';
import { simulateGenerator } from '../../src/generator/simulate.ts';
import { type Nanos, SECOND } from '../../src/world/nanos.ts';
import { readParameters } from '../../src/world/parameters.ts';
import { RandomStream, type Seed } from '../../src/world/random.ts';
import type { SystemModel } from '../../src/world/system-model.ts';

export const WILDEST: SystemModel = { network: 'arbitrary', nodes: 'byzantine', timing: 'asynchronous' };

export interface Setting {
  readonly seed?: Seed;
  readonly nodes?: number;
  readonly model?: SystemModel;
  readonly given?: Readonly<Record<string, unknown>>;
  readonly primaries?: readonly NodeId[];
}

export interface TimedFault {
  readonly time: Nanos;
  readonly fault: Fault;
}

/** `n1`, `n2` ... */
export function nodeIds(count: number): NodeId[] {
  return Array.from({ length: count }, (_, i) => `n${i + 1}`);
}

export function valuesOf(nemesis: Nemesis, given: Readonly<Record<string, unknown>> = {}) {
  return readParameters(nemesis.parameters, given, `nemesis ${nemesis.name}`);
}

export function generatorOf(name: string, setting: Setting = {}): Generator {
  const { seed = 1, nodes = 5, model = WILDEST, given = {}, primaries = [] } = setting;
  const nemesis = nemeses[name]!;
  return nemesis.generator({
    nodes: nodeIds(nodes),
    mayFail: nodeIds(nodes),
    mayLie: model.nodes === 'byzantine' ? nodeIds(Math.floor((nodes - 1) / 3)) : [],
    primaries: () => primaries,
    random: new RandomStream(`${seed}/${name}`),
    model,
    parameters: valuesOf(nemesis, given),
  });
}

/** The faults that a generator injects within 30 s, in a world that takes `after` for each. */
function faultsOf(generator: Generator, after: Nanos): TimedFault[] {
  const events = simulateGenerator(timeLimit(30 * SECOND, generator), {
    concurrency: 1,
    complete: () => ({ type: 'ok', after }),
    maxEvents: 1_000_000,
  });
  const invocations = events.filter(({ type }) => type === 'invoke');
  return invocations.map(({ time, f, value }) => ({ time, fault: faultOfOp(f, value) }));
}

/** The faults of one nemesis, alone, in a run of 30 s. */
export function schedule(name: string, setting: Setting = {}): TimedFault[] {
  return faultsOf(generatorOf(name, setting), 0);
}

/** The faults of several nemeses at once, each of which takes `after`. */
export function together(names: readonly string[], setting: Setting, after: Nanos): TimedFault[] {
  return faultsOf(any(...names.map((name) => generatorOf(name, setting))), after);
}
