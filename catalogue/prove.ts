import { registry } from '../src/campaign/registry.ts';
import type { RunPool } from '../src/campaign/run-pool.ts';
import type { JudgedRun, RunResult } from '../src/campaign/run-task.ts';
import { doubtsOf } from '../src/spec/outcome.ts';
import { resolveSpec } from '../src/spec/resolve.ts';
import { shortNemesis } from '../src/spec/short-form.ts';
import type { Nanos } from '../src/world/nanos.ts';
import type { System } from '../src/world/system.ts';
import type { SystemModel } from '../src/world/system-model.ts';

/** From each of these on, seeds are tried until the bug is found. */
const STARTS = [1, 1001, 2001, 3001, 4001];

/** A bug that needs more seeds than these counts as not found. */
const MOST_SEEDS = 200;

/** Of the seeds with the faults that a system assumes at most, one in so many is tried with lesser ones too. */
const FEWER = 4;

/** Until as many runs as are wanted have proved something, at most this many times as many seeds are tried. */
const MOST_TRIES = 4;

/** What running one system under many seeds has shown. Plain data. */
export interface SystemProof {
  readonly system: string;
  readonly right: readonly RightProof[];
  readonly bugs: readonly BugProof[];
}

/** A right system, with one of its workloads, under swarms of faults. */
export interface RightProof {
  readonly workload: string;
  /** What nodes may suffer. */
  readonly nodes: SystemModel['nodes'];
  readonly runs: number;
  readonly valid: number;
  /** Of those that were valid, how many had all that the checkers need. */
  readonly proved: number;
  /** How long clients and faults went on in each. */
  readonly timeLimit: Nanos;
  /** Seeds that were accused, unknown or crashed. */
  readonly doubtful: readonly string[];
  /** Runs that proved little, by the reason. */
  readonly vacuous: Readonly<Record<string, number>>;
  readonly operations: number;
  readonly faults: number;
  /** Real time of all runs together, on all cores. */
  readonly seconds: number;
}

export interface BugProof {
  readonly bug: string;
  readonly workload: string;
  readonly nemeses: string;
  /** For each start, how many seeds it took; null when it was not found. */
  readonly seeds: readonly (number | null)[];
  /** The first anomalies of the runs that found it. */
  readonly anomalies: readonly string[];
  /** Until it was found, from one start: median, s. */
  readonly seconds: number;
}

export interface ProofOptions {
  readonly pool: RunPool;
  /** Runs of a right system that are to prove something, shared out among its workloads. */
  readonly seeds: number;
  /** How long clients and faults of a right system go on. */
  readonly timeLimit: Nanos;
  /** Folder for what failing runs leave. */
  readonly store: string;
}

/** Runs a system right and with each of its bugs. */
export async function prove(system: System, options: ProofOptions): Promise<SystemProof> {
  const workloads = Object.keys(system.serves);
  const right: RightProof[] = [];
  for (const nodes of nodeFaults(system)) {
    const share = options.seeds / workloads.length / (nodes === system.assumes.nodes ? 1 : FEWER);
    for (const workload of workloads)
      right.push(await proveRight(system.name, workload, nodes, Math.ceil(share), options));
  }
  const bugs: BugProof[] = [];
  for (const bug of Object.keys(system.bugs)) bugs.push(await proveBug(system.name, bug, options));
  return { system: system.name, right, bugs };
}

/** A node that may come back may also stay away: what is never brought back by a restart hides only there. */
function nodeFaults({ assumes: { nodes } }: System): readonly SystemModel['nodes'][] {
  return nodes === 'crash-recovery' ? [nodes, 'crash-stop'] : [nodes];
}

async function proveRight(
  system: string,
  workload: string,
  nodes: SystemModel['nodes'],
  wanted: number,
  { pool, timeLimit, store }: ProofOptions,
): Promise<RightProof> {
  const { spec } = resolveSpec({ system, workload, model: { nodes }, timeLimit, seed: 1 }, registry);
  const half = (recovery: Nanos, seeds: readonly number[]) =>
    pool.run({ spec: { ...spec, recovery }, seeds, store, keep: 'failures', untilInvalid: false });
  const start = performance.now();
  const results: RunResult[] = [];
  let missing = wanted;
  while (missing > 0 && results.length < MOST_TRIES * wanted) {
    const seeds = Array.from({ length: missing }, (_, i) => results.length + i + 1);
    // What clients write after the healing shows progress, and hides what the faults left behind: half of the runs do without.
    const halves = await Promise.all([
      half(
        spec.recovery,
        seeds.filter((seed) => seed % 2 === 1),
      ),
      half(
        0,
        seeds.filter((seed) => seed % 2 === 0),
      ),
    ]);
    results.push(...halves.flat());
    missing = wanted - results.filter(isProof).length;
  }
  const judged = results.filter(isJudged);
  const vacuous: Record<string, number> = {};
  for (const reason of judged.flatMap(({ outcome }) => doubtsOf(outcome)))
    vacuous[reason] = (vacuous[reason] ?? 0) + 1;
  const sum = (count: string) => judged.reduce((all, { outcome }) => all + (outcome.counts[count] ?? 0), 0);
  return {
    workload,
    nodes,
    runs: results.length,
    timeLimit,
    valid: judged.filter(({ outcome }) => outcome.valid === true).length,
    proved: results.filter(isProof).length,
    doubtful: results.flatMap((result) => {
      if (!isJudged(result)) return [`${result.seed} ${result.state}`];
      return result.outcome.valid === true ? [] : [`${result.seed} ${result.outcome.valid}`];
    }),
    vacuous,
    operations: sum('operations'),
    faults: sum('faults'),
    seconds: secondsSince(start),
  };
}

async function proveBug(system: string, bug: string, { pool, store }: ProofOptions): Promise<BugProof> {
  const resolved = resolveSpec({ system, bugs: [bug], seed: 1 }, registry);
  const { spec } = resolved;
  const tries = await Promise.all(
    STARTS.map(async (from) => {
      const seeds = Array.from({ length: MOST_SEEDS }, (_, i) => from + i);
      const start = performance.now();
      const results = await pool.run({ spec, seeds, store, keep: 'failures', untilInvalid: true });
      const found = results.filter(isJudged).find(({ outcome }) => outcome.valid === false);
      return { found, seeds: results.length, seconds: secondsSince(start) };
    }),
  );
  const kinds = tries
    .flatMap(({ found }) => found?.outcome.verdicts ?? [])
    .flatMap(({ anomalies: [first] }) => (first === undefined ? [] : [first.kind]));
  return {
    bug,
    workload: spec.workload,
    nemeses: resolved.nemeses.map(shortNemesis).join(', '),
    seeds: tries.map(({ found, seeds }) => (found === undefined ? null : seeds)),
    anomalies: [...new Set(kinds)],
    seconds: median(tries.map(({ seconds }) => seconds)),
  };
}

/** The middle of an odd number of values. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function isJudged(result: RunResult): result is JudgedRun {
  return result.state === 'judged';
}

/** Whether a run was valid, and not only because something was missing. */
function isProof(result: RunResult): boolean {
  return isJudged(result) && result.outcome.valid === true && doubtsOf(result.outcome).length === 0;
}

function secondsSince(start: number): number {
  return Math.round(performance.now() - start) / 1000;
}
