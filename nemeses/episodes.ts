import type { Op } from '../histories/op.ts';
import type { FaultKind } from '../src/faults/fault.ts';
import type { Nanos } from '../src/world/nanos.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import type { RandomStream } from '../src/world/random.ts';
import type { SystemModel } from '../src/world/system-model.ts';
import type { Nemesis, NemesisOptions } from './nemesis.ts';
import { around, type PACE, requirePace } from './pace.ts';
import { type Script, scripted } from './script.ts';

/** A run's supply of faults, each with its repair. */
export interface Episodes {
  /** One fault, its time, its repair. */
  episode(): Script;
  /** Told every event of the history. */
  observe?(event: Op): void;
}

/** A nemesis that injects one fault, repairs it, and waits before the next. */
export interface EpisodicNemesis extends Nemesis {
  /** Throws a `UsageError` when these nodes and parameters leave nothing to do. */
  episodes(options: NemesisOptions): Episodes;
}

/** What is particular to one episodic nemesis, with its parameters typed as it declares them. */
export interface EpisodicDefinition<P extends Parameters & typeof PACE> {
  readonly name: string;
  readonly about: string;
  readonly parameters: P;
  permits(parameters: ParameterValues<P>): SystemModel;
  uses(parameters: ParameterValues<P>): Iterable<FaultKind>;
  liars?(parameters: ParameterValues<P>, bears: number): number;
  episodes(options: NemesisOptions, parameters: ParameterValues<P>): Episodes;
}

/** Makes a nemesis of episodes: healthy for about `interval`, then an episode, on and on. */
export function episodic<const P extends Parameters & typeof PACE>(
  definition: EpisodicDefinition<P>,
): EpisodicNemesis {
  const { name, about, parameters, liars } = definition;
  // Values come from `readParameters` with this very declaration, which the types of a registry can't say.
  const typed = (values: unknown) => values as ParameterValues<P> & ParameterValues<typeof PACE>;
  const episodes = (options: NemesisOptions) => {
    const values = typed(options.parameters);
    requirePace(values, name);
    return definition.episodes(options, values);
  };
  return {
    name,
    about,
    parameters,
    permits: (values) => definition.permits(typed(values)),
    uses: (values) => new Set(definition.uses(typed(values))),
    ...(liars === undefined ? {} : { liars: (values, bears) => liars(typed(values), bears) }),
    episodes,
    generator(options) {
      const supply = episodes(options);
      const script = onAndOn(supply, typed(options.parameters).interval, options.random);
      return scripted(script, (event) => supply.observe?.(event));
    },
  };
}

function* onAndOn(supply: Episodes, interval: Nanos, random: RandomStream): Script {
  for (;;) {
    yield { wait: around(random, interval) };
    yield* supply.episode();
  }
}
