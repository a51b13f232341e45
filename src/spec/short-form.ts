import { formatDuration } from '../world/nanos.ts';
import type { AnyParameterValues, Parameters } from '../world/parameters.ts';
import { worldsOf } from '../world/system.ts';
import { formatNemesis, formatPlain } from './nemesis-text.ts';
import { plainParameters } from './plain-parameters.ts';
import type { ResolvedNemesis, ResolvedSpec } from './resolve.ts';
import { LINUX_DEFAULTS, type PlainParameters } from './test-spec.ts';

/** The nemesis as on a command line, without the parameters that have their default: `kill:interval=5s`. */
export function shortNemesis({ nemesis, parameters }: ResolvedNemesis): string {
  return formatNemesis({ name: nemesis.name, parameters: chosen(nemesis.parameters, parameters) });
}

/** All nemeses of a spec, or `none`. */
export function shortNemeses({ nemeses }: ResolvedSpec): string {
  return nemeses.length === 0 ? 'none' : nemeses.map(shortNemesis).join(',');
}

/** The workload in the same form. */
export function shortWorkload({ workload, workloadOptions }: ResolvedSpec): string {
  const parameters = chosen(workload.parameters, workloadOptions.parameters);
  return formatNemesis({ name: workload.name, parameters });
}

/** The arguments of `momus` that run this very test, as short as they can be. */
export function testArguments(resolved: ResolvedSpec): string[] {
  const { spec, system, systemParameters, defaults, assumes } = resolved;
  const args = ['test', spec.system, ...spec.bugs.flatMap((bug) => ['--bug', bug])];
  args.push('--workload', shortWorkload(resolved), '--nemesis', shortNemeses(resolved));
  for (const [name, value] of Object.entries(chosen(system.parameters, systemParameters)))
    args.push('--param', `${name}=${formatPlain(value)}`);
  for (const name of ['nodes', 'concurrency', 'rate'] as const)
    if (spec[name] !== defaults[name]) args.push(`--${name}`, String(spec[name]));
  for (const name of ['timeLimit', 'recovery', 'settle', 'timeout'] as const)
    if (spec[name] !== defaults[name])
      args.push(name === 'timeLimit' ? '--time-limit' : `--${name}`, formatDuration(spec[name]));
  if (spec.model.network !== assumes.network) args.push('--network', spec.model.network);
  if (spec.model.nodes !== assumes.nodes) args.push('--node-faults', spec.model.nodes);
  if (spec.model.timing !== assumes.timing) args.push('--timing', spec.model.timing);
  const { clockError } = spec.model;
  if (clockError !== undefined && clockError !== assumes.clockError)
    args.push('--clock-error', formatDuration(clockError));
  if (spec.beyondModel) args.push('--beyond-model');
  if (spec.failFast) args.push('--fail-fast');
  if (spec.world !== worldsOf(system)[0]) args.push('--world', spec.world);
  const { clientNetwork, disk, capture, transport } = spec.linux ?? LINUX_DEFAULTS;
  if (clientNetwork !== LINUX_DEFAULTS.clientNetwork) args.push('--client-network', clientNetwork);
  if (disk !== LINUX_DEFAULTS.disk) args.push('--disk', disk);
  if (capture) args.push('--capture');
  if (transport !== LINUX_DEFAULTS.transport) args.push('--transport', transport);
  return [...args, '--seed', quoted(String(spec.seed))];
}

/** The parameters that don't have their default. */
function chosen(declared: Parameters, values: AnyParameterValues): PlainParameters {
  const different = Object.entries(values).filter(
    ([name, value]) => String(value) !== String(declared[name]?.default),
  );
  return plainParameters(declared, Object.fromEntries(different));
}

/** An argument as a shell takes it for one word. */
function quoted(argument: string): string {
  return /^[\w.:=+,/-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
