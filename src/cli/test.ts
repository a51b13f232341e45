import { together } from '../../checkers/compose.ts';
import { explore } from '../campaign/explore/explore.ts';
import type { RunResult } from '../campaign/run-task.ts';
import { counted } from '../report/counts.ts';
import { earlyEnd, figures, judgedRun } from '../report/judged-run.ts';
import { manyRuns } from '../report/many-runs.ts';
import { testHeader } from '../report/test-header.ts';
import { plainSpec } from '../spec/format.ts';
import type { ResolvedSpec } from '../spec/resolve.ts';
import { Store } from '../store/store.ts';
import { VERSION } from '../version.ts';
import type { Seed } from '../world/random.ts';
import { UsageError } from '../world/usage-error.ts';
import { EXIT, exitCode } from './exit-codes.ts';
import { interruptible } from './interrupt.ts';
import { poolFor } from './pool-for.ts';
import { withProgress } from './progress.ts';
import { replayOf } from './replay-of.ts';
import { endlessSeeds, seedsFrom } from './seeds.ts';
import type { Terminal } from './terminal.ts';
import type { TestFlags } from './test-command.ts';
import { readCount, readTest } from './test-input.ts';
import { verifyDeterminism } from './verify-determinism.ts';

/** `momus test`: runs a test once or under many seeds, and reports. Returns the exit code. */
export async function test(
  system: string | undefined,
  flags: TestFlags,
  terminal: Terminal,
): Promise<number> {
  return runTests(await readTest(system, flags), flags, terminal);
}

/** Performs what a spec asks for as often as the flags say, and reports. Returns the exit code. */
export async function runTests(
  resolved: ResolvedSpec,
  flags: Pick<TestFlags, 'runs' | 'explore' | 'threads' | 'store' | 'json' | 'verifyDeterminism'>,
  terminal: Terminal,
): Promise<number> {
  const runs = readCount(flags.runs, '--runs');
  const pool = poolFor([resolved.spec], flags.threads);
  if (flags.verifyDeterminism && resolved.spec.world !== 'sim')
    throw new UsageError('--verify-determinism: only the sim world is deterministic');
  if (flags.explore) refuseExploring(resolved, runs);
  warnOfLateVerdict(resolved, terminal);
  if (flags.verifyDeterminism) return verifyDeterminism(resolved, terminal);

  const store = new Store(flags.store);
  store.prepare();
  const seeds = seedsFrom(resolved.spec.seed, runs);
  if (!flags.json)
    terminal.out(
      `${testHeader(resolved, flags.explore ? `explored from seed ${seeds[0]} on` : seedsText(seeds), terminal)}\n`,
    );
  const keep = runs === 1 ? 'all' : 'failures';
  const { spec } = resolved;
  const shared = { store: store.folder, keep, untilInvalid: false } as const;
  const perform = () =>
    flags.explore
      ? explore(spec, { pool, runs, seeds: endlessSeeds(spec.seed), ...shared })
      : pool.run({ spec, seeds, ...shared });
  const { result, interrupted } = await interruptible(
    () => pool.stop(),
    terminal,
    () =>
      runs === 1
        ? perform()
        : withProgress({ total: runs, unit: 'runs', done: () => pool.runsDone }, terminal, perform),
  );
  await pool.close();
  refuseUsage(result);
  warnOfLostRecords(result, terminal);
  if (flags.json) printJson(result, terminal);
  else if (runs === 1) printOne(resolved, result[0], store, terminal);
  else terminal.out(manyRuns(result, runs, (run) => replayOf(run, resolved, store, terminal), terminal));
  return interrupted ? EXIT.interrupted : worst(result);
}

function printOne(
  resolved: ResolvedSpec,
  result: RunResult | undefined,
  store: Store,
  terminal: Terminal,
): void {
  if (result === undefined) return;
  const { paint } = terminal;
  const replay = `${paint.dim('replay')}  ${replayOf(result, resolved, store, terminal)}`;
  if (result.state === 'judged') {
    terminal.out(`${judgedRun(result.outcome, result.proofs, terminal)}\n`);
    terminal.out(`  ${paint.dim(figures(result.outcome))}`);
    const early = earlyEnd(result.outcome);
    if (early !== undefined) terminal.out(`  ${paint.dim(early)}`);
    if (resolved.spec.bugs.length > 0 && result.outcome.valid === true)
      terminal.out(`  ${paint.yellow('the bug did not show with this seed; --runs 50 tries more')}`);
  } else if (result.state === 'stopped') {
    terminal.out('stopped before the end, so there is no verdict');
  } else {
    const { blame, error } = result;
    terminal.err(`${paint.red(blame === 'servers' ? '✗ no verdict' : '✗ crashed')}\n${error}`);
    if (blame === 'momus')
      terminal.err(
        `\nMomus ${VERSION} or the system under test failed; please report it with the lines above`,
      );
  }
  if (result.run !== undefined) terminal.out(`  ${paint.dim('kept in')}  ${store.folderOf(result.run)}`);
  terminal.out(`  ${replay}`);
}

/** A line of JSON for each run. */
function printJson(results: readonly RunResult[], terminal: Terminal): void {
  for (const result of results) {
    if (result.state === 'judged') {
      const { spec, ...outcome } = result.outcome;
      terminal.out(JSON.stringify({ seed: result.seed, run: result.run, ...outcome, spec: plainSpec(spec) }));
    } else {
      terminal.out(JSON.stringify(result));
    }
  }
}

function refuseExploring({ spec, nemeses }: ResolvedSpec, runs: number): void {
  if (spec.world !== 'sim')
    throw new UsageError(
      '--explore: only runs of the sim world can be changed, since only they can be repeated',
    );
  if (runs === 1) throw new UsageError('--explore: say how many runs it may take, as in --runs 500');
  if (nemeses.length === 0 || spec.script !== undefined)
    throw new UsageError(
      '--explore: no faults are drawn that could be changed; name a nemesis, and no script',
    );
}

/** Not every violation can be told before the end: what is missing now may come with the final reads. */
function warnOfLateVerdict({ spec, workload, workloadOptions }: ResolvedSpec, terminal: Terminal): void {
  if (!spec.failFast) return;
  const checkers = workload.checkers(workloadOptions);
  if (checkers.some((checker) => checker.online !== undefined)) return;
  const names = checkers.map(({ name }) => name).join(' and ');
  terminal.err(
    terminal.paintErr.yellow(
      `--fail-fast has no effect: of workload ${workload.name}, ${names} can only judge a whole run`,
    ),
  );
}

/** A mistake of the user shows in each of the runs; it is told once. */
function refuseUsage(results: readonly RunResult[]): void {
  for (const result of results)
    if (result.state === 'crashed' && result.blame === 'user') throw new UsageError(result.error);
}

/** The verdict stands even where the disk failed; the first failure says why. */
function warnOfLostRecords(results: readonly RunResult[], terminal: Terminal): void {
  const lost = results.flatMap((result) =>
    result.state === 'judged' && result.notKept ? [result.notKept] : [],
  );
  if (lost[0] === undefined) return;
  const count = counted(lost.length, 'run');
  terminal.err(terminal.paintErr.yellow(`${count} could not be stored, but the verdict stands: ${lost[0]}`));
}

/** Invalid beats crashed beats unknown beats valid. */
function worst(results: readonly RunResult[]): number {
  const valid = together(
    results.flatMap((result) => (result.state === 'judged' ? [result.outcome.valid] : [])),
  );
  const crashed = results.some(({ state }) => state === 'crashed');
  return crashed && valid !== false ? EXIT.crash : exitCode(valid);
}

function seedsText(seeds: readonly Seed[]): string {
  return seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds[0]} to ${seeds.at(-1)}`;
}
