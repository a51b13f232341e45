import { simWorld } from '../sim/world.ts';
import { nodeNames, type ResolvedSpec } from '../spec/resolve.ts';
import type { RandomStream } from '../world/random.ts';
import type { Travel } from '../world/travel.ts';
import { UsageError } from '../world/usage-error.ts';
import type { World } from '../world/world.ts';

/** Whoever listens to what a simulator does. */
export interface WorldListeners {
  readonly onStep?: ((line: string) => void) | undefined;
  readonly onTravel?: ((travel: Travel) => void) | undefined;
}

/** The world that a spec asks for, with the system deployed in it. */
export function makeWorld(
  { spec, system, systemParameters }: ResolvedSpec,
  random: RandomStream,
  { onStep, onTravel }: WorldListeners = {},
): World {
  const deployment = system.deploy({
    workload: spec.workload,
    bugs: new Set(spec.bugs),
    parameters: systemParameters,
  });
  const nodes = nodeNames(spec.nodes);
  if (!('program' in deployment)) throw new UsageError(`${system.name} is not deployed in the simulator`);
  return simWorld({
    deployment,
    nodes,
    random,
    ...(onStep === undefined ? {} : { onStep }),
    ...(onTravel === undefined ? {} : { onTravel }),
  });
}
