// The process of one node of a system of node programs, in the linux world. It starts again and again, so it imports no
// more than it needs.
import { hostNode } from '../linux/nodes/host.ts';
import type { NodeTask } from '../linux/nodes/task.ts';
import { isPath, systemFrom } from './system-file.ts';

const task: NodeTask = JSON.parse(process.argv[2]!);
const system = isPath(task.system) ? await systemFrom(task.system) : await builtIn(task.system);
const deployment = system.deploy({
  workload: task.workload,
  bugs: new Set(task.bugs),
  parameters: task.parameters,
});
if (!('program' in deployment)) throw new Error(`${task.system} deploys servers, not node programs`);
await hostNode(deployment, task);

async function builtIn(name: string) {
  const { simSystems } = await import('../systems/sim/registry.ts');
  return simSystems[name]!;
}
