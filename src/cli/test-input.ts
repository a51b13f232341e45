import { registryWith } from '../campaign/load-system.ts';
import { parseAssignment, parseNemeses, parseNemesis } from '../spec/nemesis-text.ts';
import { readSpecFile, readSpecFlags } from '../spec/read-spec.ts';
import { type ResolvedSpec, resolveSpec } from '../spec/resolve.ts';
import { UsageError } from '../world/usage-error.ts';
import { freshSeed, readSeed } from './seeds.ts';
import type { TestFlags } from './test-command.ts';

/** The test that a command line asks for; throws a `UsageError` that names every mistake in it. */
export async function readTest(system: string | undefined, flags: TestFlags): Promise<ResolvedSpec> {
  const given = readSpecFlags(settingsOf(system, flags), flagOf);
  const file = flags.spec === undefined ? undefined : readSpecFile(flags.spec);
  const input = { ...file?.data, ...given, model: { ...file?.data.model, ...given.model } };
  const linux = { ...file?.data.linux, ...given.linux };
  const registry = await registryWith(input.system);
  if (input.system === undefined)
    throw new UsageError(`name a system to test: ${Object.keys(registry.systems).join(', ')}`);
  return resolveSpec(
    {
      ...input,
      ...(Object.keys(linux).length === 0 ? {} : { linux }),
      system: input.system,
      seed: input.seed ?? freshSeed(),
    },
    registry,
    // Flags need no place: what is wrong with them says which they are.
    (path) => (String(path[0]) in given ? undefined : file?.locate(path)),
  );
}

/** A count that is no part of the spec; `flag` begins the message of the `UsageError`. */
export function readCount(text: string, flag: string): number {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 1)
    throw new UsageError(`${flag}: "${text}" is not a whole number from 1 on`);
  return n;
}

/** What the flags say of the spec, in its shape; what they don't say is left out. */
function settingsOf(system: string | undefined, flags: TestFlags): Record<string, unknown> {
  const { nodes, concurrency, rate, timeLimit, recovery, settle, timeout, beyondModel, failFast } = flags;
  const workload = flags.workload === undefined ? undefined : parseNemesis(flags.workload);
  const { world, clientNetwork, disk, capture, transport } = flags;
  const linux = defined({ clientNetwork, disk, capture, transport });
  const { network, nodeFaults, timing, clockError } = flags;
  const model = defined({ network, nodes: nodeFaults, timing, clockError });
  return defined({
    system,
    bugs: flags.bug?.flatMap((names) => names.split(',')),
    systemParameters: flags.param && assignments(flags.param),
    workload: workload?.name,
    workloadParameters: workload?.parameters,
    nemeses: flags.nemesis?.flatMap(parseNemeses),
    nodes: asNumber(nodes),
    concurrency: asNumber(concurrency),
    rate: asNumber(rate),
    timeLimit,
    recovery,
    settle,
    timeout,
    seed: flags.seed === undefined ? undefined : readSeed(flags.seed),
    model: Object.keys(model).length === 0 ? undefined : model,
    beyondModel,
    failFast,
    world,
    linux: Object.keys(linux).length === 0 ? undefined : linux,
  });
}

const FLAGS: Readonly<Record<string, string>> = {
  bugs: '--bug',
  systemParameters: '--param',
  workloadParameters: '--workload',
  nemeses: '--nemesis',
  timeLimit: '--time-limit',
  beyondModel: '--beyond-model',
  failFast: '--fail-fast',
  'linux.clientNetwork': '--client-network',
  'linux.disk': '--disk',
  'linux.transport': '--transport',
  'model.network': '--network',
  'model.nodes': '--node-faults',
  'model.timing': '--timing',
  'model.clockError': '--clock-error',
};

function flagOf(path: readonly PropertyKey[]): string {
  const [first, second] = path.map(String);
  return FLAGS[`${first}.${second}`] ?? FLAGS[first!] ?? `--${first}`;
}

function assignments(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const { name, value } = parseAssignment(text, '--param');
      return [name, value];
    }),
  );
}

function asNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : text.trim() === '' ? Number.NaN : Number(text);
}

function defined(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
