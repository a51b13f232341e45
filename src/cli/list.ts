import { CATALOGUE } from '../../checkers/catalogue.ts';
import { registry } from '../campaign/registry.ts';
import { type Entry, entryList } from '../report/entry-list.ts';
import { formatDefault, type Parameters } from '../world/parameters.ts';
import type { System } from '../world/system.ts';
import { formatModel } from '../world/system-model.ts';
import { UsageError } from '../world/usage-error.ts';
import { choose } from './choose.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

const LISTS: Readonly<Record<string, (system: string | undefined) => Entry[]>> = {
  systems: () => Object.values(registry.systems).map(systemEntry),
  bugs: bugEntries,
  workloads: () =>
    Object.values(registry.workloads).map(({ name, about, parameters }) => ({
      name,
      about,
      details: [`served by ${servers(name).join(', ')}`, ...parameterLines(parameters)],
    })),
  nemeses: () =>
    Object.values(registry.nemeses).map(({ name, about, parameters }) => ({
      name,
      about,
      details: parameterLines(parameters),
    })),
  checkers: () => Object.entries(CATALOGUE).map(([name, { about }]) => ({ name, about, details: [] })),
};

/** `momus list`: prints what there is. */
export function list(
  what: string | undefined,
  system: string | undefined,
  json: boolean,
  terminal: Terminal,
): number {
  if (what === undefined) throw new UsageError(`say what to list: ${Object.keys(LISTS).join(', ')}`);
  const entries = LISTS[choose(what, Object.keys(LISTS), 'list')]!;
  if (system !== undefined && what !== 'bugs')
    throw new UsageError(`only bugs are listed by system; write momus list ${what}`);
  terminal.out(json ? JSON.stringify(entries(system), null, 2) : entryList(entries(system), terminal));
  return EXIT.valid;
}

function systemEntry({ name, about, assumes, guarantees, serves, bugs, parameters }: System): Entry {
  return {
    name,
    about,
    details: [
      `guarantees ${guarantees.safety.join(', ')} if the world is at worst ${formatModel(assumes)}`,
      ...guarantees.liveness,
      `workloads ${Object.keys(serves).join(', ')}; bugs ${Object.keys(bugs).join(', ')}`,
      ...parameterLines(parameters),
    ],
  };
}

function bugEntries(only: string | undefined): Entry[] {
  const names = Object.keys(registry.systems);
  if (only !== undefined) choose(only, names, 'list bugs');
  return Object.values(registry.systems)
    .filter(({ name }) => only === undefined || name === only)
    .flatMap(({ name: system, bugs }) =>
      Object.entries(bugs).map(([bug, { about, workload, nemeses }]) => ({
        name: `${system} ${bug}`,
        about,
        details: [`shown by workload ${workload} under ${nemeses.join(', ')}`],
      })),
    );
}

function servers(workload: string): string[] {
  return Object.values(registry.systems)
    .filter(({ serves }) => Object.hasOwn(serves, workload))
    .map(({ name }) => name);
}

/** `interval=2s: healthy time before each fault`, with what else it may be where that is a choice. */
function parameterLines(parameters: Parameters): string[] {
  return Object.entries(parameters).map(([name, parameter]) => {
    const choices = 'of' in parameter ? ` (${parameter.of.join(', ')})` : '';
    return `${name}=${formatDefault(parameter)}: ${parameter.about}${choices}`;
  });
}
