import type { CrashedRun, JudgedRun, RunResult } from '../campaign/run-task.ts';
import { anomalyKinds, doubtsOf } from '../spec/outcome.ts';
import type { Seed } from '../world/random.ts';
import { counted } from './counts.ts';
import { judgedRun } from './judged-run.ts';
import { cut, table, wrap } from './layout.ts';
import type { Style } from './style.ts';

/** Failures that are listed; a user who has more wants another tool than eyes. */
const MOST_LISTED = 10;

/** What came of many runs: the first violation in full, then a line for each failure, with the command to replay it. */
export function manyRuns(
  results: readonly RunResult[],
  asked: number,
  replay: (run: RunResult) => string,
  style: Style,
): string {
  const judged = results.filter((result) => result.state === 'judged');
  const over = results.filter((result) => result.state !== 'stopped');
  const failures = over.filter((result) => !passed(result));
  const first = judged.find((run) => run.outcome.valid === false);
  const parts = [totals(over, judged, asked, style)];
  if (first !== undefined)
    parts.unshift(`${style.paint.bold(seedOf(first))}  ${judgedRun(first.outcome, first.proofs, style)}`);
  const doubtful = doubts(judged, style);
  if (doubtful !== '') parts.push(doubtful);
  if (failures.length > 0) parts.push(failureTable(failures, replay, style));
  return parts.join('\n\n');
}

/** A run may have faults that are not those of its seed. */
function seedOf({ seed, outcome }: JudgedRun): string {
  return outcome.spec.script === undefined ? `seed ${seed}` : `seed ${seed} with changed faults`;
}

function passed(result: RunResult): boolean {
  return result.state === 'judged' && result.outcome.valid === true;
}

/** `3 of 100 runs invalid, 97 valid · 298,013 operations, 1,201 faults`. */
function totals(
  results: readonly RunResult[],
  judged: readonly JudgedRun[],
  asked: number,
  { paint }: Style,
): string {
  const invalid = judged.filter(({ outcome }) => outcome.valid === false).length;
  const unknown = judged.filter(({ outcome }) => outcome.valid === 'unknown').length;
  const crashed = results.filter(({ state }) => state === 'crashed').length;
  const sum = (what: string) => judged.reduce((all, { outcome }) => all + (outcome.counts[what] ?? 0), 0);
  const tallies = [
    invalid > 0 ? paint.red.bold(`✗ ${invalid} invalid`) : '',
    crashed > 0 ? paint.red.bold(`✗ ${crashed} crashed`) : '',
    unknown > 0 ? paint.yellow(`? ${unknown} unknown`) : '',
    paint.green(`✓ ${judged.length - invalid - unknown} valid`),
  ].filter((tally) => tally !== '');
  const of = results.length < asked ? `${results.length} of ${counted(asked, 'run')}` : counted(asked, 'run');
  const work = `${counted(sum('operations'), 'operation')}, ${counted(sum('faults'), 'fault')}`;
  return `${of}: ${tallies.join(', ')}${paint.dim(` · ${work}`)}`;
}

/** A line for each reason to doubt a pass, with the first seed that gives it. */
function doubts(judged: readonly JudgedRun[], { paint, width }: Style): string {
  const seeds = new Map<string, Seed[]>();
  for (const { outcome, seed } of judged) {
    if (outcome.valid !== true) continue;
    for (const doubt of doubtsOf(outcome)) seeds.set(doubt, [...(seeds.get(doubt) ?? []), seed]);
  }
  return [...seeds]
    .map(([doubt, all]) => {
      const where = `${counted(all.length, 'run')} (seed ${all[0]}${all.length > 1 ? ' ...' : ''})`;
      return wrap(paint.yellow(`! ${where}: ${doubt}, so the pass proves little`), width);
    })
    .join('\n');
}

function failureTable(
  failures: readonly (JudgedRun | CrashedRun)[],
  replay: (run: RunResult) => string,
  { paint, width }: Style,
): string {
  const rows = failures
    .slice(0, MOST_LISTED)
    .map((run) => [`  ${run.seed}`, whatFailed(run, width), replay(run)]);
  const header = ['  seed', 'found', 'replay'].map((name) => paint.dim(name));
  const more = failures.length - rows.length;
  const rest = more > 0 ? `\n  ${paint.dim(`and ${more} more, in index.jsonl of the store`)}` : '';
  return `${table([header, ...rows])}${rest}`;
}

function whatFailed(run: JudgedRun | CrashedRun, width: number): string {
  if (run.state === 'crashed') return `crash: ${cut(run.error.split('\n')[0]!, width / 2)}`;
  if (run.outcome.valid === 'unknown') return 'unknown';
  return anomalyKinds(run.outcome).slice(0, 3).join(', ');
}
