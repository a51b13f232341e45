import { Chalk } from 'chalk';
import { describeError, isUsage } from '../campaign/describe-error.ts';
import type { RunPool } from '../campaign/run-pool.ts';
import type { RunResult } from '../campaign/run-task.ts';
import { savedSpecs } from '../campaign/saved-specs.ts';
import { caseOf, NO_LONGER_FAILS, refusedCase, type Wanted } from '../report/regression.ts';
import { type CaseState, countOf, type Suite, type SuiteCase } from '../report/suite-case.ts';
import { caseLine, suiteTotals } from '../report/suite-text.ts';
import type { ResolvedSpec } from '../spec/resolve.ts';
import { Store } from '../store/store.ts';
import { UsageError } from '../world/usage-error.ts';
import { EXIT } from './exit-codes.ts';
import { interruptible } from './interrupt.ts';
import { openSaved } from './open-spec.ts';
import { poolFor } from './pool-for.ts';
import type { RegressFlags } from './regress-command.ts';
import type { Terminal } from './terminal.ts';
import { writeReports } from './write-reports.ts';

/** A saved spec, or why it can't be run. */
type Opened = { readonly file: string } & (
  | { readonly resolved: ResolvedSpec; readonly anomalies: readonly string[] | undefined }
  | { readonly mistake: string }
);

/** `momus regress`: runs every spec of a folder once, with its own seed. Returns the exit code. */
export async function regress(dir: string, flags: RegressFlags, terminal: Terminal): Promise<number> {
  if (flags.known && flags.fixed)
    throw new UsageError('--known and --fixed: either each spec must fail or each must pass');
  const wanted = flags.known ? 'fails' : 'passes';
  const opened = await Promise.all(savedSpecs(dir).map(open));
  const store = new Store(flags.store);
  store.prepare();
  const specs = opened.flatMap((one) => ('resolved' in one ? [one.resolved.spec] : []));
  const pool = poolFor(specs, flags.threads);
  const column = Math.max(...opened.map(({ file }) => file.length));
  const style = { paint: new Chalk({ level: 0 }), width: terminal.width };
  const { result: cases, interrupted } = await interruptible(
    () => pool.stop(),
    terminal,
    async () => {
      // All at once; each is told as soon as it and those before it are over.
      const running = opened.map((one) =>
        'resolved' in one ? perform(one.resolved, pool, store) : undefined,
      );
      const told: SuiteCase[] = [];
      for (const [i, one] of opened.entries()) {
        const result = await running[i];
        const known =
          'mistake' in one
            ? refusedCase(one.file, one.mistake)
            : caseOf(one.file, result, wantedOf(one, wanted), style);
        terminal.out(caseLine(known, column, terminal));
        told.push(known);
      }
      return told;
    },
  );
  await pool.close();
  const suite: Suite = { name: dir, cases };
  report(suite, terminal);
  writeReports(suite, flags, terminal);
  return interrupted ? EXIT.interrupted : worst(suite);
}

async function open(file: string): Promise<Opened> {
  try {
    return { file, ...(await openSaved(file)) };
  } catch (error) {
    return { file, mistake: isUsage(error) ? error.message : `${file}: ${describeError(error)}` };
  }
}

function wantedOf(opened: Opened, what: 'passes' | 'fails'): Wanted {
  return what === 'passes'
    ? { passes: true }
    : { passes: false, by: 'anomalies' in opened ? opened.anomalies : undefined };
}

async function perform({ spec }: ResolvedSpec, pool: RunPool, store: Store): Promise<RunResult | undefined> {
  const runs = {
    spec,
    seeds: [spec.seed],
    store: store.folder,
    keep: 'failures',
    untilInvalid: false,
  } as const;
  return (await pool.runTogether(runs))[0];
}

/** What a person needs after the lines: why, how to see it again, and how many. */
function report(suite: Suite, terminal: Terminal): void {
  const { paint } = terminal;
  for (const { file, explanation } of explained(suite.cases))
    terminal.out(`\n${paint.bold(file)}\n${explanation.replace(/^(?=.)/gm, '  ')}`);
  const failed = suite.cases.filter(({ state }) => state === 'failed');
  const gone = failed.filter(({ kind }) => kind === NO_LONGER_FAILS).map(({ file }) => file);
  if (failed.length > 0) terminal.out('');
  if (gone.length > 0) terminal.out(`no longer ${gone.length === 1 ? 'fails' : 'fail'}: ${gone.join(', ')}`);
  for (const { file, kind } of failed)
    if (kind !== NO_LONGER_FAILS) terminal.out(`${paint.dim('replay')}  ${terminal.momus} replay ${file}`);
  terminal.out(`\n${suiteTotals(suite, terminal)}`);
}

/** Every file that couldn't be run and, since proofs are long, the first violation. */
function explained(cases: readonly SuiteCase[]): SuiteCase[] {
  const ran = cases.filter(({ state, explanation }) => explanation !== '' && !NOT_RUN.has(state));
  return [...cases.filter(({ state }) => NOT_RUN.has(state)), ...ran.slice(0, 1)];
}

const NOT_RUN: ReadonlySet<CaseState> = new Set(['refused', 'crashed']);

/** Failed beats crashed beats a broken file beats unknown. */
function worst(suite: Suite): number {
  if (countOf(suite, 'failed') > 0) return EXIT.invalid;
  if (countOf(suite, 'crashed') > 0) return EXIT.crash;
  if (countOf(suite, 'refused') > 0) return EXIT.usage;
  return countOf(suite, 'unknown') > 0 ? EXIT.unknown : EXIT.valid;
}
