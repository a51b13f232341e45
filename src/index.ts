export { registry } from './campaign/registry.ts';
export { type RunListeners, runSpec } from './campaign/run-spec.ts';
export type { UserSystem } from './campaign/system-file.ts';
export { runTest, type TestPlan } from './controller/run-test.ts';
export type { Fault, FaultKind, NodeId } from './faults/fault.ts';
export { any, flipFlop, mix, swarm } from './generator/choice.ts';
export { concurrentKeys } from './generator/concurrent-keys.ts';
export type { Generator, GeneratorContext, Planned, Step } from './generator/generator.ts';
export { limit, timeLimit } from './generator/limits.ts';
export { log } from './generator/log.ts';
export { once, operations, repeat } from './generator/operations.ts';
export { delay, sleep, stagger } from './generator/pace.ts';
export { andThen, cycle, phases, sequence, synchronize } from './generator/sequence.ts';
export { simulateGenerator } from './generator/simulate.ts';
export { eachThread, onClients, onNemesis, onThreads, reserve } from './generator/threads.ts';
export { filter, map } from './generator/transform.ts';
export { untilOk } from './generator/until-ok.ts';
export { type SimOptions, simWorld } from './sim/world.ts';
export type { Outcome } from './spec/outcome.ts';
export { readSpecFile } from './spec/read-spec.ts';
export type { Registry } from './spec/registry.ts';
export { type ResolvedSpec, resolveSpec } from './spec/resolve.ts';
export type { SpecInput } from './spec/schema.ts';
export type { TestSpec } from './spec/test-spec.ts';
export { type Query, requestClient } from './systems/sim/shared/request-client.ts';
export type { Client, Completion, Invocation } from './world/client.ts';
export { CONNECTION_ERRORS, failedBy, type KnownError } from './world/error-table.ts';
export type { Disk, NodeContext, NodeProgram, RequestId } from './world/node-program.ts';
export type { Parameter, Parameters, ParameterValues } from './world/parameters.ts';
export type {
  Cluster,
  NodeSite,
  ProcessDeployment,
  ServerBinary,
  ServerClientContext,
  ServerProcess,
  StartOptions,
} from './world/process-deployment.ts';
export { RandomStream, randomOf, type Seed } from './world/random.ts';
export type { Bug, ClientContext, DeployOptions, Guarantee, SimDeployment, System } from './world/system.ts';
export type { SystemModel } from './world/system-model.ts';
export { UsageError } from './world/usage-error.ts';
export type { Artifacts, World } from './world/world.ts';
