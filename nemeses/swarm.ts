import { any } from '../src/generator/choice.ts';
import type { Generator } from '../src/generator/generator.ts';
import { type Nanos, SECOND } from '../src/world/nanos.ts';
import { type Parameters, type ParameterValues, readParameters } from '../src/world/parameters.ts';
import type { RandomStream } from '../src/world/random.ts';
import { BENIGN, formatModel } from '../src/world/system-model.ts';
import { UsageError } from '../src/world/usage-error.ts';
import type { Episodes } from './episodes.ts';
import type { Nemesis, NemesisOptions } from './nemesis.ts';
import { around } from './pace.ts';
import { type Script, scripted } from './script.ts';
import { drawSwarm, SWARM_NEMESES, type SwarmDraw, type SwarmMember } from './swarm-draw.ts';

const NAMES = SWARM_NEMESES.map(({ name }) => name);

const parameters = {
  faults: { type: 'choices', of: NAMES, default: NAMES, about: 'the nemeses among which each seed draws' },
} as const satisfies Parameters;

const typed = (values: unknown) => values as ParameterValues<typeof parameters>;

/**
 * Draws from its random stream which nemeses there are in this run and how wild, and lets them loose together in storms;
 * between two storms all faults end and the system has a second or more to recover, so that operations succeed in every
 * run. It draws only what the model permits, and so needs none in particular.
 */
export const swarm: Nemesis = {
  name: 'swarm',
  about: 'each seed draws which of the other nemeses there are and how wild, within the model',
  parameters,
  permits: () => BENIGN,
  uses(values, model) {
    const among = SWARM_NEMESES.filter(({ name }) => typed(values).faults.includes(name));
    const kinds = among.flatMap((nemesis) => {
      const defaults = readParameters(nemesis.parameters, {}, nemesis.name);
      // Other models may be met by other strengths, but a liar stays one.
      const lies = nemesis.permits(defaults).nodes === 'byzantine';
      return lies && model !== undefined && model.nodes !== 'byzantine' ? [] : [...nemesis.uses(defaults)];
    });
    return new Set(kinds);
  },
  generator(options) {
    const { faults } = typed(options.parameters);
    const { random, model, nodes, mayFail, mayLie } = options;
    const draw = drawSwarm(faults, {
      random: random.fork('draw'),
      model,
      nodes: nodes.length,
      mayFail: mayFail.length,
      mayLie: mayLie.length,
    });
    if (draw.members.length === 0) {
      const where = `on ${nodes.length} node${nodes.length === 1 ? '' : 's'} within ${formatModel(model)}`;
      throw new UsageError(`nemesis swarm: none of ${faults.join(', ')} is possible ${where}`);
    }
    return any(...draw.members.map((member) => memberOf(draw, member, options)));
  },
};

/** One member at work. All members see the same storms: their streams of weather are equal. */
function memberOf(draw: SwarmDraw, { nemesis, parameters }: SwarmMember, options: NemesisOptions): Generator {
  const random = options.random.fork(nemesis.name);
  const supply = nemesis.episodes({ ...options, parameters, random });
  const weather = options.random.fork('weather');
  const script = throughStorms(supply, parameters.interval as Nanos, draw, weather, random);
  return scripted(script, (event) => supply.observe?.(event));
}

function* throughStorms(
  supply: Episodes,
  interval: Nanos,
  draw: SwarmDraw,
  weather: RandomStream,
  random: RandomStream,
): Script {
  let now = yield { wait: 0 };
  for (let begins = now + around(weather, SECOND); ; ) {
    const ends = begins + around(weather, draw.storm);
    // The first fault comes at any time within the first interval, but surely within the storm.
    const first = begins + random.float() * Math.min(interval, ends - begins);
    now = yield { wait: Math.max(0, Math.floor(first) - now) };
    while (now < ends) {
      yield* supply.episode();
      now = yield { wait: around(random, interval) };
    }
    begins = ends + draw.lull;
  }
}
