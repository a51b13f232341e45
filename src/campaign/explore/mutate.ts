import { nodeNames } from '../../spec/resolve.ts';
import type { ScriptedFault } from '../../spec/script.ts';
import type { TestSpec } from '../../spec/test-spec.ts';
import { MILLISECOND, type Nanos, SECOND } from '../../world/nanos.ts';
import type { RandomStream } from '../../world/random.ts';
import { type Episode, episodesOf, exchanged, scheduleOf } from './episodes.ts';
import { withinModel } from './within-model.ts';

interface Setting {
  readonly spec: TestSpec;
  readonly random: RandomStream;
  /** Episodes of another schedule of the same test. */
  readonly others: readonly Episode[];
}

type Change = (episodes: readonly Episode[], setting: Setting) => readonly Episode[];

const MOST_CHANGES = 4;

/** A schedule that differs from `faults` in a few places, some of them taken from `others`; within the spec's model. */
export function mutate(
  faults: readonly ScriptedFault[],
  others: readonly ScriptedFault[],
  spec: TestSpec,
  random: RandomStream,
): ScriptedFault[] {
  const setting = { spec, random, others: episodesOf(others) };
  let episodes: readonly Episode[] = episodesOf(faults);
  for (let left = random.between(1, MOST_CHANGES); left > 0; left--)
    episodes = random.pick(CHANGES)(episodes, setting);
  return scheduleOf(withinModel(episodes, spec));
}

const leaveOut: Change = (episodes, { random }) => {
  const share = random.pick([0.1, 0.3, 0.6]);
  return episodes.filter(() => !random.chance(share));
};

const move: Change = (episodes, { random, spec }) =>
  changeOne(episodes, random, (episode) => moved(episode, someTime(random), spec));

/** Everything from some time on comes sooner or later. */
const moveTheRest: Change = (episodes, { random, spec }) => {
  if (episodes.length === 0) return episodes;
  const from = random.pick(episodes)[0].at;
  const by = someTime(random);
  return episodes.map((episode) => (episode[0].at >= from ? moved(episode, by, spec) : episode));
};

/** An episode begins about when another begins or ends. */
const meet: Change = (episodes, { random, spec }) => {
  if (episodes.length === 0) return episodes;
  const moment = random.pick(random.pick(episodes)).at + random.between(-50, 50) * MILLISECOND;
  return changeOne(episodes, random, (episode) => moved(episode, moment - episode[0].at, spec));
};

const stretch: Change = (episodes, { random }) => {
  const factor = random.pick([0.1, 0.3, 0.6, 1.5, 3]);
  return changeOne(episodes, random, ([fault, ...repairs]) => {
    // How far a clock that drifts gets is bounded by how long it does.
    const by = fault.kind.startsWith('clock/') ? Math.min(factor, 1) : factor;
    const at = (repair: ScriptedFault) => Math.round(fault.at + (repair.at - fault.at) * by);
    return [fault, ...repairs.map((repair) => ({ ...repair, at: at(repair) }))];
  });
};

/** What befell one node befalls another. */
const aimElsewhere: Change = (episodes, { random, spec }) => {
  const [a, b] = random.shuffle(nodeNames(spec.nodes));
  if (a === undefined || b === undefined) return episodes;
  return changeOne(episodes, random, (episode) =>
    mayAimElsewhere(episode, spec) ? mapped(episode, (fault) => exchanged(fault, a, b)) : episode,
  );
};

const repeat: Change = (episodes, setting) => {
  if (episodes.length === 0) return episodes;
  const again = [setting.random.pick(episodes)];
  return [...episodes, ...aimElsewhere(move(again, setting), setting)];
};

/** Takes what another schedule has in some stretch of time, besides its own or in place of it. */
const splice: Change = (episodes, { random, spec, others }) => {
  const from = random.float() * spec.timeLimit;
  const to = from + random.float() * spec.timeLimit;
  const isThen = ([{ at }]: Episode) => at >= from && at <= to;
  const theirs = others.filter((episode) => isThen(episode) && mayAimElsewhere(episode, spec));
  const mine = random.chance(0.5) ? episodes : episodes.filter((episode) => !isThen(episode));
  return [...mine, ...theirs];
};

const CHANGES: readonly Change[] = [
  ...[leaveOut, move, moveTheRest, meet, stretch, aimElsewhere, repeat],
  ...[splice, splice],
];

/** In a byzantine model each run has nodes of its own that may go wrong, and no others may. */
function mayAimElsewhere([fault]: Episode, { model }: TestSpec): boolean {
  return model.nodes !== 'byzantine' || !('node' in fault);
}

function changeOne(
  episodes: readonly Episode[],
  random: RandomStream,
  change: (episode: Episode) => Episode,
): readonly Episode[] {
  if (episodes.length === 0) return episodes;
  const at = random.int(episodes.length);
  return episodes.map((episode, i) => (i === at ? change(episode) : episode));
}

/** The episode sooner or later, its fault within the run. */
function moved(episode: Episode, by: Nanos, { timeLimit }: TestSpec): Episode {
  const { at } = episode[0];
  const bounded = Math.round(Math.min(Math.max(by, -at), timeLimit - 1 - at));
  return mapped(episode, (fault) => ({ ...fault, at: fault.at + bounded }));
}

function mapped([fault, ...repairs]: Episode, change: (fault: ScriptedFault) => ScriptedFault): Episode {
  return [change(fault), ...repairs.map(change)];
}

/** As likely short as long, forth or back. */
function someTime(random: RandomStream): Nanos {
  const most = random.pick([10 * MILLISECOND, 100 * MILLISECOND, SECOND, 4 * SECOND]);
  return random.between(-most, most);
}
