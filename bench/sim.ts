import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { registry } from '../src/campaign/registry.ts';
import { judge, performSpec } from '../src/campaign/run-spec.ts';
import { type ResolvedSpec, resolveSpec } from '../src/spec/resolve.ts';
import type { SpecInput } from '../src/spec/schema.ts';

/** One line of a table of measures. */
export interface Measure {
  readonly what: string;
  readonly measured: string;
  readonly aim: string;
}

const MAIN = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));

/** The measures of the simulator and the command line, each on one core. */
export async function benchSim(): Promise<Measure[]> {
  return [...(await usualLoad()), await heavyLoad(), await swarmRuns(), helpTime()];
}

/** Five nodes, 10 clients, 100 operations a second, no faults. */
async function usualLoad(): Promise<Measure[]> {
  const seconds = 300;
  await performSpec(resolve({ nemeses: [], timeLimit: 30e9 }));
  const { spent, result } = await timed(() =>
    performSpec(resolve({ nemeses: [], timeLimit: seconds * 1e9 })),
  );
  const load = 'raft, 5 nodes, 10 clients, 100 operations/s';
  return [
    {
      what: `simulated events a second (${load})`,
      measured: grouped(result.counts.events! / spent),
      aim: '500,000',
    },
    { what: `virtual seconds a second (${load})`, measured: grouped(seconds / spent), aim: '300' },
  ];
}

/** Fifty times the operations: here clients, recording and the state machines cost more than the events. */
async function heavyLoad(): Promise<Measure> {
  const spec = resolve({ nemeses: [], concurrency: 100, rate: 5_000, timeLimit: 60e9 });
  const { spent, result } = await timed(() => performSpec(spec));
  return {
    what: 'simulated events a second (raft, 5 nodes, 100 clients, 5,000 operations/s)',
    measured: grouped(result.counts.events! / spent),
    aim: '',
  };
}

async function swarmRuns(): Promise<Measure> {
  const runs = 50;
  const { spent } = await timed(async () => {
    for (let seed = 1; seed <= runs; seed++) {
      const spec = resolve({ seed });
      judge(spec, await performSpec(spec));
    }
  });
  return {
    what: 'runs a second, each 30 s of raft under a swarm of faults, with its check',
    measured: (runs / spent).toFixed(1),
    aim: '10',
  };
}

/** The median of nine starts. */
function helpTime(): Measure {
  const times = Array.from({ length: 9 }, () => {
    const begin = performance.now();
    spawnSync(process.execPath, [MAIN, '--help']);
    return performance.now() - begin;
  });
  const median = times.sort((a, b) => a - b)[4]!;
  return { what: 'momus --help', measured: `${median.toFixed(0)} ms`, aim: '150 ms' };
}

function resolve({ seed = 1, ...input }: SpecInput): ResolvedSpec {
  return resolveSpec({ ...input, workload: 'register', system: 'raft', seed }, registry);
}

/** Seconds of wall clock or of CPU time, whichever is less: so a machine that is busy with other things matters little. */
async function timed<T>(body: () => Promise<T>): Promise<{ spent: number; result: T }> {
  const begin = performance.now();
  const cpu = process.cpuUsage();
  const result = await body();
  const wall = (performance.now() - begin) / 1e3;
  const { user, system } = process.cpuUsage(cpu);
  return { spent: Math.min(wall, (user + system) / 1e6), result };
}

function grouped(n: number): string {
  return Math.round(n).toLocaleString('en');
}
