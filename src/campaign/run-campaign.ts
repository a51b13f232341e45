import type { Cell } from './built-in.ts';
import type { RunPool } from './run-pool.ts';
import type { JudgedRun, RunResult } from './run-task.ts';

/** Seeds of a cell that are tried before it is looked whether one of them sufficed. */
const SEEDS_AT_ONCE = 10;

/** What came of a cell. */
export interface CellResult {
  readonly cell: Cell;
  readonly runs: readonly RunResult[];
  /** The first run that the cell hopes for or fears: an invalid one. */
  readonly invalid: JudgedRun | undefined;
  /** Whether everything was as the cell expects. */
  readonly asExpected: boolean;
}

/** Runs all cells, on all threads of the pool; `onCell` hears of each that is over. */
export async function runCampaign(
  cells: readonly Cell[],
  pool: RunPool,
  store: string,
  onCell: (result: CellResult) => void,
): Promise<CellResult[]> {
  return Promise.all(
    cells.map(async (cell) => {
      const result = await runCell(cell, pool, store);
      onCell(result);
      return result;
    }),
  );
}

async function runCell(cell: Cell, pool: RunPool, store: string): Promise<CellResult> {
  const { resolved, seeds, expects } = cell;
  const untilInvalid = expects === 'invalid';
  const atOnce = untilInvalid ? SEEDS_AT_ONCE : seeds;
  const runs: RunResult[] = [];
  for (let from = 1; from <= seeds; from += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, seeds - from + 1) }, (_, i) => from + i);
    const done = await pool.run({ spec: resolved.spec, seeds: some, store, keep: 'failures', untilInvalid });
    runs.push(...done);
    if (untilInvalid && runs.some(isInvalid)) break;
  }
  const judged = runs.filter((run) => run.state === 'judged');
  const invalid = judged.find(isInvalid);
  const allValid = judged.length === seeds && judged.every(({ outcome }) => outcome.valid === true);
  return { cell, runs, invalid, asExpected: untilInvalid ? invalid !== undefined : allValid };
}

function isInvalid(run: RunResult): boolean {
  return run.state === 'judged' && run.outcome.valid === false;
}
