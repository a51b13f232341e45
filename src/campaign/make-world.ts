import { resolve } from 'node:path';
import type { FaultKind } from '../faults/fault.ts';
import type { NodeProgramsOptions } from '../linux/nodes/deployment.ts';
import { simWorld } from '../sim/world.ts';
import { nodeNames, type ResolvedSpec } from '../spec/resolve.ts';
import { LINUX_DEFAULTS } from '../spec/test-spec.ts';
import type { ProcessDeployment } from '../world/process-deployment.ts';
import type { RandomStream } from '../world/random.ts';
import type { SimDeployment } from '../world/system.ts';
import type { Travel } from '../world/travel.ts';
import type { World } from '../world/world.ts';
import { nodeCommand } from './node-command.ts';
import { isPath } from './system-file.ts';

/** Whoever listens to what a world does, or ends it. */
export interface WorldListeners {
  /** Ends a run in the real world before its time. */
  readonly signal?: AbortSignal | undefined;
  /** Folder for what the real world leaves behind: logs, samples, packets; default: none of it is kept. */
  readonly folder?: string | undefined;
  readonly onStep?: ((line: string) => void) | undefined;
  readonly onTravel?: ((travel: Travel) => void) | undefined;
  readonly coverage?: boolean | undefined;
}

/** The world that a spec asks for, with the system deployed in it. */
export async function makeWorld(
  resolved: ResolvedSpec,
  random: RandomStream,
  { onStep, onTravel, coverage = false, signal, folder }: WorldListeners = {},
): Promise<World> {
  const { spec, system, systemParameters } = resolved;
  const deployment = system.deploy({
    workload: spec.workload,
    bugs: new Set(spec.bugs),
    parameters: systemParameters,
  });
  const nodes = nodeNames(spec.nodes);
  if (spec.world === 'linux' || !('program' in deployment)) {
    const { linuxWorld } = await import('../linux/world.ts');
    const { clientNetwork, disk, capture, transport } = spec.linux ?? LINUX_DEFAULTS;
    return linuxWorld({
      system: system.name,
      deployment:
        'program' in deployment
          ? await deployedAsProcesses(deployment, {
              system: isPath(spec.system) ? resolve(spec.system) : spec.system,
              workload: spec.workload,
              bugs: spec.bugs,
              parameters: systemParameters,
              seed: String(random.fork('programs').uint32()),
              transport,
            })
          : deployment,
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
    steady: spec.script?.steady ?? false,
    coverage,
    ...(onStep === undefined ? {} : { onStep }),
    ...(onTravel === undefined ? {} : { onTravel }),
  });
}

/** Node programs as processes: what the simulator would run, in a Node of its own for each node. */
async function deployedAsProcesses(
  deployment: SimDeployment,
  task: Omit<NodeProgramsOptions, 'deployment' | 'command'>,
): Promise<ProcessDeployment> {
  const { nodeProgramsDeployment } = await import('../linux/nodes/deployment.ts');
  return nodeProgramsDeployment({ deployment, command: nodeCommand(), ...task });
}

/** Every kind of fault that the nemeses of a spec may use. */
export function faultsWanted({ spec, nemeses }: ResolvedSpec): ReadonlySet<FaultKind> {
  return new Set(nemeses.flatMap(({ nemesis, parameters }) => [...nemesis.uses(parameters, spec.model)]));
}
