import type { FaultKind } from '../faults/fault.ts';
import { simWorld } from '../sim/world.ts';
import { nodeNames, type ResolvedSpec } from '../spec/resolve.ts';
import { LINUX_DEFAULTS } from '../spec/test-spec.ts';
import type { RandomStream } from '../world/random.ts';
import type { Travel } from '../world/travel.ts';
import type { World } from '../world/world.ts';

/** Whoever listens to what a world does, or ends it. */
export interface WorldListeners {
  /** Ends a run in the real world before its time. */
  readonly signal?: AbortSignal | undefined;
  /** Folder for what the real world leaves behind: logs, samples, packets; default: none of it is kept. */
  readonly folder?: string | undefined;
  readonly onStep?: ((line: string) => void) | undefined;
  readonly onTravel?: ((travel: Travel) => void) | undefined;
}

/** The world that a spec asks for, with the system deployed in it. */
export async function makeWorld(
  resolved: ResolvedSpec,
  random: RandomStream,
  { onStep, onTravel, signal, folder }: WorldListeners = {},
): Promise<World> {
  const { spec, system, systemParameters } = resolved;
  const deployment = system.deploy({
    workload: spec.workload,
    bugs: new Set(spec.bugs),
    parameters: systemParameters,
  });
  const nodes = nodeNames(spec.nodes);
  if (!('program' in deployment)) {
    const { linuxWorld } = await import('../linux/world.ts');
    const { clientNetwork, disk, capture } = spec.linux ?? LINUX_DEFAULTS;
    return linuxWorld({
      system: system.name,
      deployment,
      nodes,
      random,
      faults: faultsWanted(resolved),
      faultyClients: clientNetwork === 'faulty',
      plainDisks: disk === 'plain',
      capture,
      folder: folder ?? null,
      timeout: spec.timeout,
      signal,
    });
  }
  return simWorld({
    deployment,
    nodes,
    random,
    ...(onStep === undefined ? {} : { onStep }),
    ...(onTravel === undefined ? {} : { onTravel }),
  });
}

/** Every kind of fault that the nemeses of a spec may use. */
export function faultsWanted({ spec, nemeses }: ResolvedSpec): ReadonlySet<FaultKind> {
  return new Set(nemeses.flatMap(({ nemesis, parameters }) => [...nemesis.uses(parameters, spec.model)]));
}
