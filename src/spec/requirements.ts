import { type AnyParameterValues, readParameters } from '../world/parameters.ts';
import type { NpmPackage, ProcessDeployment, ServerBinary } from '../world/process-deployment.ts';
import type { System } from '../world/system.ts';
import { UsageError } from '../world/usage-error.ts';

/** What a system needs in its deployments: with its defaults, and with each choice of each parameter. */
export interface Requirements {
  readonly binaries: readonly ServerBinary[];
  readonly npm: readonly NpmPackage[];
}

export function requirementsOf(system: System): Requirements {
  const defaults: AnyParameterValues = readParameters(system.parameters, {}, system.name);
  const variants = Object.entries(system.parameters).flatMap(([name, parameter]) =>
    parameter.type === 'choice' ? parameter.of.map((value) => ({ ...defaults, [name]: value })) : [],
  );
  const deployments = [defaults, ...variants].flatMap((parameters) => deployedWith(system, parameters));
  const binaries = deployments.flatMap(({ requires }) => requires);
  const npm = deployments.flatMap((deployment) => deployment.npm ?? []);
  return {
    binaries: [...new Map(binaries.map((one) => [one.binary, one])).values()],
    npm: [...new Map(npm.map((one) => [one.name, one])).values()],
  };
}

function deployedWith(system: System, parameters: AnyParameterValues): ProcessDeployment[] {
  const workload = Object.keys(system.serves)[0] ?? '';
  try {
    const deployment = system.deploy({ workload, bugs: new Set(), parameters });
    return 'program' in deployment ? [] : [deployment];
  } catch (error) {
    // A choice that needs another parameter beside it.
    if (error instanceof UsageError) return [];
    throw error;
  }
}
