import { builtInCells } from '../campaign/built-in.ts';
import { registry } from '../campaign/registry.ts';
import { type CellResult, runCampaign } from '../campaign/run-campaign.ts';
import { RunPool } from '../campaign/run-pool.ts';
import { campaignTable } from '../report/campaign-table.ts';
import { counted } from '../report/counts.ts';
import { plainSpec } from '../spec/format.ts';
import { Store } from '../store/store.ts';
import type { CampaignFlags } from './campaign-command.ts';
import { EXIT } from './exit-codes.ts';
import { interruptible } from './interrupt.ts';
import { withProgress } from './progress.ts';
import { replayOf } from './replay-of.ts';
import type { Terminal } from './terminal.ts';
import { readCount } from './test-input.ts';

/** Seeds within which every bug must be found. */
const SEEDS_FOR_A_BUG = 200;

/** `momus campaign`: tests every built-in system, right and wrong. Returns the exit code. */
export async function campaign(flags: CampaignFlags, terminal: Terminal): Promise<number> {
  const cells = builtInCells(registry, { right: readCount(flags.seeds, '--seeds'), bug: SEEDS_FOR_A_BUG });
  const pool = new RunPool(
    flags.threads === undefined ? {} : { threads: readCount(flags.threads, '--threads') },
  );
  const store = new Store(flags.store);
  store.prepare();
  const { paint } = terminal;
  if (!flags.json) terminal.out(`${intro(cells.length, pool.threads)}\n`);

  let over = 0;
  const onCell = () => {
    over++;
  };
  const { result, interrupted } = await interruptible(
    () => pool.stop(),
    terminal,
    () =>
      withProgress({ total: cells.length, unit: 'tests', done: () => over }, terminal, () =>
        runCampaign(cells, pool, store.folder, onCell),
      ),
  );
  await pool.close();
  if (flags.json) {
    for (const cell of result) terminal.out(JSON.stringify(asJson(cell)));
  } else {
    terminal.out(campaignTable(result, terminal));
    const replays = result.flatMap(({ invalid, cell }) =>
      invalid === undefined ? [] : [`  ${replayOf(invalid, cell.resolved, store, terminal)}`],
    );
    if (replays.length > 0)
      terminal.out(`\n${paint.dim('Each violation again, exactly, with its explanation:')}`);
    for (const line of replays) terminal.out(line);
    terminal.out(`\n${conclusion(result, terminal)}`);
  }
  if (interrupted) return EXIT.interrupted;
  return result.every(({ asExpected }) => asExpected) ? EXIT.valid : EXIT.invalid;
}

function intro(cells: number, threads: number): string {
  return `${counted(cells, 'test')} on ${counted(threads, 'core')}: each system right, then with each of its bugs`;
}

function conclusion(results: readonly CellResult[], { paint }: Terminal): string {
  const runs = counted(
    results.reduce((sum, result) => sum + result.runs.length, 0),
    'run',
  );
  const bugs = results.filter(({ cell }) => cell.expects === 'invalid');
  const right = results.filter(({ cell }) => cell.expects === 'valid');
  const good = (some: readonly CellResult[]) => some.filter(({ asExpected }) => asExpected).length;
  const text =
    `${good(bugs)} of ${counted(bugs.length, 'bug')} found, ` +
    `${good(right)} of ${counted(right.length, 'test')} of right systems passed, in ${runs}`;
  const all = results.every(({ asExpected }) => asExpected);
  return all ? paint.green(`✓ ${text}`) : paint.red(`✗ ${text}`);
}

function asJson({ cell, runs, invalid, asExpected }: CellResult): unknown {
  return {
    asExpected,
    expects: cell.expects,
    runs: runs.length,
    invalid: invalid && { seed: invalid.seed, run: invalid.run, verdicts: invalid.outcome.verdicts },
    spec: plainSpec(cell.resolved.spec),
  };
}
