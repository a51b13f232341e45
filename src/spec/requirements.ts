import { type AnyParameterValues, readParameters } from '../world/parameters.ts';
import type { ServerBinary } from '../world/process-deployment.ts';
import type { System } from '../world/system.ts';
import { UsageError } from '../world/usage-error.ts';

/** The programs that a system needs in its deployments: with its defaults, and with each choice of each parameter. */
export function requirementsOf(system: System): ServerBinary[] {
  const defaults: AnyParameterValues = readParameters(system.parameters, {}, system.name);
  const variants = Object.entries(system.parameters).flatMap(([name, parameter]) =>
    parameter.type === 'choice' ? parameter.of.map((value) => ({ ...defaults, [name]: value })) : [],
  );
  const found = [defaults, ...variants].flatMap((parameters) => requiredWith(system, parameters));
  return [...new Map(found.map((binary) => [binary.binary, binary])).values()];
}

function requiredWith(system: System, parameters: AnyParameterValues): readonly ServerBinary[] {
  const workload = Object.keys(system.serves)[0] ?? '';
  try {
    const deployment = system.deploy({ workload, bugs: new Set(), parameters });
    return 'program' in deployment ? [] : deployment.requires;
  } catch (error) {
    // A choice that needs another parameter beside it.
    if (error instanceof UsageError) return [];
    throw error;
  }
}
