import { readParameters } from '../../src/world/parameters.ts';
import type { Workload, WorkloadOptions } from '../../workloads/workload.ts';

/** Options for three nodes and four clients, and whatever is given. */
export function optionsFor(
  workload: Workload,
  given: Partial<Omit<WorkloadOptions, 'parameters'>> & { parameters?: Record<string, unknown> } = {},
): WorkloadOptions {
  const parameters = readParameters(workload.parameters, given.parameters ?? {}, `workload ${workload.name}`);
  return {
    nodes: ['n1', 'n2', 'n3'],
    concurrency: 4,
    functions: ['read', 'write', 'cas', 'add', 'txn'],
    guarantees: ['linearizable'],
    inTime: [],
    ...given,
    parameters: parameters as WorkloadOptions['parameters'],
  };
}
