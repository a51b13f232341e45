import { LIES } from '../src/faults/lie.ts';
import { MILLISECOND, MINUTE, type Nanos, SECOND } from '../src/world/nanos.ts';
import { type AnyParameterValues, readParameters } from '../src/world/parameters.ts';
import type { RandomStream } from '../src/world/random.ts';
import { beyond, type SystemModel } from '../src/world/system-model.ts';
import { byzantine } from './byzantine.ts';
import { clock, SOUND_PPM } from './clock.ts';
import { disk } from './disk.ts';
import type { EpisodicNemesis } from './episodes.ts';
import { kill } from './kill.ts';
import { logScale } from './log-scale.ts';
import { nodesForLinks, packet } from './packet.ts';
import { nodesForCut, partition } from './partition.ts';
import { pause } from './pause.ts';
import { nodesForTarget, TARGETS } from './targets.ts';

/** One seed's draw: which nemeses there are at all, how wild, and how storms and lulls alternate. */
export interface SwarmDraw {
  readonly members: readonly SwarmMember[];
  /** How long the members inject faults at a stretch, on average. */
  readonly storm: Nanos;
  /** How long they then begin none; longer than any fault lasts. */
  readonly lull: Nanos;
}

export interface SwarmMember {
  readonly nemesis: EpisodicNemesis;
  readonly parameters: AnyParameterValues;
}

interface Setting {
  readonly random: RandomStream;
  readonly nodes: number;
  /** How many of them may go wrong by themselves, and how many may lie. */
  readonly mayFail: number;
  readonly mayLie: number;
  readonly model: SystemModel;
}

/** How wild a nemesis is this time; it is left out where that is impossible, that is, where a list is empty. */
type Feature = readonly [nemesis: EpisodicNemesis, draw: (setting: Setting) => AnyParameterValues];

/** The least that the clock nemesis lets a wall clock jump. */
const LEAST_JUMPS = { bump: MILLISECOND, strobe: MILLISECOND };

const FEATURES: readonly Feature[] = [
  [
    partition,
    ({ random, nodes }) => ({
      kinds: some(
        random,
        choicesOf(partition, 'kinds').filter((kind) => nodesForCut(kind) <= nodes),
      ),
      mode: random.pick(['drop', 'reset']),
      flap: logScale(random, 50 * MILLISECOND, SECOND),
    }),
  ],
  [
    packet,
    ({ random, nodes, model }) => ({
      kinds: some(random, permitted(packet, choicesOf(packet, 'kinds'), {}, model)),
      targets: some(
        random,
        choicesOf(packet, 'targets').filter((target) => nodesForLinks(target) <= nodes),
      ),
      delay: logScale(random, MILLISECOND, SECOND),
      loss: logScale(random, 10, 800) / 1000,
      duplicate: logScale(random, 10, 800) / 1000,
      reorder: logScale(random, 10, 800) / 1000,
    }),
  ],
  [
    clock,
    ({ random, mayFail, model }) => {
      const drift = logScale(random, 10, model.timing === 'asynchronous' ? 200_000 : SOUND_PPM);
      return {
        kinds: some(random, permitted(clock, choicesOf(clock, 'kinds'), { ...LEAST_JUMPS, drift }, model)),
        targets: someTargets(random, mayFail),
        bump: jump(random, 10 * MINUTE, model),
        strobe: jump(random, MINUTE, model),
        drift,
      };
    },
  ],
  [
    kill,
    ({ random, mayFail, model }) =>
      model.nodes === 'crash-stop'
        ? { restart: false, targets: mayFail < 3 ? [] : some(random, ['one', 'leader', 'minority']) }
        : { restart: true, targets: someTargets(random, mayFail) },
  ],
  [pause, ({ random, mayFail }) => ({ targets: someTargets(random, mayFail) })],
  [
    disk,
    ({ random, mayFail, model }) => ({
      // Flipped bits stay out even where nodes may lie: those who may are few, and a lie does more harm.
      kinds: some(random, permitted(disk, defaultsOf(disk).kinds as readonly string[], {}, model)),
      targets: someTargets(random, mayFail),
      eio: logScale(random, 10, 800) / 1000,
      slow: logScale(random, MILLISECOND, SECOND),
    }),
  ],
  [
    byzantine,
    ({ random, mayLie }) => ({
      lies: mayLie === 0 ? [] : some(random, LIES),
      share: logScale(random, 50, 1000) / 1000,
    }),
  ],
];

/** The nemeses among which a swarm draws. */
export const SWARM_NEMESES: readonly EpisodicNemesis[] = FEATURES.map(([nemesis]) => nemesis);

/**
 * Draws a swarm from the nemeses named, within the model: each is in with a chance that is itself drawn, from calm to
 * brutal, and its strengths and times come from a roughly logarithmic scale. At least one is in, unless no nemesis is
 * possible. What one fault never does lets the others go further (Groce et al., Swarm Testing, 2012).
 */
export function drawSwarm(names: readonly string[], setting: Setting): SwarmDraw {
  const { random, model } = setting;
  const possible: SwarmMember[] = [];
  for (const [nemesis, draw] of FEATURES) {
    const stream = random.fork(nemesis.name);
    const pace = {
      interval: logScale(stream, 100 * MILLISECOND, 2 * SECOND),
      duration: logScale(stream, 50 * MILLISECOND, 3 * SECOND),
    };
    const wild = draw({ ...setting, random: stream });
    const parameters = { ...defaultsOf(nemesis), ...pace, ...wild };
    if (names.includes(nemesis.name) && isPossible(nemesis, parameters, model))
      possible.push({ nemesis, parameters });
  }
  const chance = random.pick([1 / 4, 1 / 2, 3 / 4]);
  const drawn = possible.filter(() => random.chance(chance));
  const members = drawn.length > 0 || possible.length === 0 ? drawn : [random.pick(possible)];
  const longest = Math.max(0, ...members.map(({ parameters }) => parameters.duration as Nanos));
  const lull = Math.ceil(longest * 1.5) + random.between(1, 3) * SECOND;
  return { members, storm: logScale(random, 2 * SECOND, 10 * SECOND), lull };
}

function isPossible(nemesis: EpisodicNemesis, parameters: AnyParameterValues, model: SystemModel): boolean {
  const nothing = Object.values(parameters).some((value) => Array.isArray(value) && value.length === 0);
  return !nothing && beyond(model, nemesis.permits(parameters)).length === 0;
}

/** How far a wall clock may jump this time; within the model, if that bounds it. */
function jump(random: RandomStream, most: Nanos, { clockError }: SystemModel): Nanos {
  if (clockError === undefined) return logScale(random, 10 * MILLISECOND, most);
  return logScale(random, MILLISECOND, Math.min(most, clockError));
}

/** The kinds of fault that the model allows. */
function permitted(
  nemesis: EpisodicNemesis,
  kinds: readonly string[],
  others: AnyParameterValues,
  model: SystemModel,
): string[] {
  const needs = (kind: string) => nemesis.permits({ ...defaultsOf(nemesis), ...others, kinds: [kind] });
  return kinds.filter((kind) => beyond(model, needs(kind)).length === 0);
}

/** Some of the choices, at least one if there is any. */
function some(random: RandomStream, choices: readonly string[]): string[] {
  const drawn = choices.filter(() => random.chance(0.5));
  return drawn.length > 0 || choices.length === 0 ? drawn : [random.pick(choices)];
}

function someTargets(random: RandomStream, nodes: number): string[] {
  return some(
    random,
    TARGETS.filter((target) => nodesForTarget(target) <= nodes),
  );
}

function choicesOf(nemesis: EpisodicNemesis, name: string): readonly string[] {
  const parameter = nemesis.parameters[name];
  return parameter?.type === 'choices' ? parameter.of : [];
}

function defaultsOf(nemesis: EpisodicNemesis): AnyParameterValues {
  return readParameters(nemesis.parameters, {}, `nemesis ${nemesis.name}`);
}
