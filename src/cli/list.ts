import { CATALOGUE } from '../../checkers/catalogue.ts';
import { registry } from '../campaign/registry.ts';
import { counted } from '../report/counts.ts';
import { type Entry, entryList } from '../report/entry-list.ts';
import { promisesInTime } from '../world/liveness.ts';
import { formatDuration } from '../world/nanos.ts';
import { formatDefault, type Parameters } from '../world/parameters.ts';
import { LECTURES, type System } from '../world/system.ts';
import { UsageError } from '../world/usage-error.ts';
import { choose } from './choose.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

const LISTS: Readonly<Record<string, (system: string | undefined) => Entry[]>> = {
  systems: () => byLecture().map(systemEntry),
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

/** What `momus explain` has to say about each entry. */
const MORE: Readonly<Record<string, string>> = { systems: 'SYSTEM', bugs: 'BUG' };

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
  if (!json && what in MORE)
    terminal.out(`\n${terminal.paint.dim(`${terminal.momus} explain ${MORE[what]} tells more`)}`);
  return EXIT.valid;
}

/** Every system, in the order of the lectures. */
function byLecture(): System[] {
  return LECTURES.flatMap((lecture) =>
    Object.values(registry.systems).filter((system) => system.lecture === lecture),
  );
}

function systemEntry({ name, about, lecture, serves, bugs, guarantees }: System): Entry {
  const mistakes = counted(Object.keys(bugs).length, 'bug');
  const inTime = promisesInTime(guarantees.liveness).map(({ property, within }) =>
    within === 0 ? property : `${property} within ${formatDuration(within)}`,
  );
  const promises = [...guarantees.safety, ...inTime].join(', ');
  return {
    name,
    about,
    group: lecture,
    details: [
      `workloads ${Object.keys(serves).join(', ')} · ${mistakes}`,
      ...(promises === '' ? [] : [`promises ${promises}`]),
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
