import { registry } from '../src/campaign/registry.ts';
import { promisesInTime } from '../src/world/liveness.ts';
import { type AnyParameterValues, formatDefault, readParameters } from '../src/world/parameters.ts';
import { type System, worldsOf } from '../src/world/system.ts';
import type { Workload } from '../workloads/workload.ts';

const INTRODUCTION = `# Workloads

What clients do, and which checkers judge it. Made by \`npm run pages\` from the workloads' own data.

    momus test raft --workload queue:enqueues=0.7
    momus test raft --workload kafka --bug log-not-fsynced
    momus list workloads

A system serves some workloads, and perhaps not all functions of each; its first one is the default. Which checkers judge depends on
what the system promises: a queue that isn't linearizable is asked only what became of its elements. After the faults are healed and
the system had time to settle, most workloads read all that there is, without which a pass would mean little. What the values of each
function look like stands above each workload in \`workloads/\`.`;

/** The page about all workloads, as Markdown. */
export function workloadsPage(): string {
  const { workloads } = registry;
  const rows = Object.values(workloads).map((workload) => {
    const systems = servedBy(workload);
    const functions = new Set(systems.flatMap(({ serves }) => serves[workload.name]!));
    return row([
      code(workload.name),
      workload.about,
      [...functions].map(code).join(', '),
      judgesOf(workload, systems).map(code).join(', '),
      systems.map(linked).join(', '),
    ]);
  });
  const parameters = Object.values(workloads).flatMap(({ name, parameters }) =>
    Object.entries(parameters).map(([parameter, declared]) =>
      row([code(`${name}:${parameter}`), code(formatDefault(declared)), declared.about]),
    ),
  );
  return [
    INTRODUCTION,
    table(['workload', 'what clients do', 'functions', 'judged by', 'served by'], rows),
    '## Parameters',
    `${table(['parameter', 'default', 'meaning'], parameters)}\n`,
  ].join('\n\n');
}

function servedBy({ name }: Workload): System[] {
  return Object.values(registry.systems).filter(({ serves }) => serves[name] !== undefined);
}

/** All checkers that judge the workload, for one promise of a system or another. */
function judgesOf(workload: Workload, systems: readonly System[]): string[] {
  const parameters = readParameters(workload.parameters, {}, workload.name) as AnyParameterValues;
  const checkers = systems.flatMap(({ serves, guarantees }) =>
    workload.checkers({
      nodes: ['n1', 'n2', 'n3', 'n4', 'n5'],
      concurrency: 10,
      functions: serves[workload.name]!,
      guarantees: guarantees.safety,
      inTime: promisesInTime(guarantees.liveness),
      parameters,
    }),
  );
  // Every workload is counted, which tells a reader nothing.
  return [...new Set(checkers.map(({ name }) => name))].filter((name) => name !== 'stats');
}

function linked(system: System): string {
  return worldsOf(system).includes('sim') ? `[${system.name}](systems/${system.name}.md)` : system.name;
}

function table(head: readonly string[], rows: readonly string[]): string {
  return [row(head), row(head.map(() => '---')), ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}
