import { builtInCampaign } from '../campaign/built-in.ts';
import type { Executor } from '../campaign/chunk.ts';
import { registryWithAll } from '../campaign/load-system.ts';
import { localExecutor } from '../campaign/local-executor.ts';
import { queueExecutor } from '../campaign/queue/queue-executor.ts';
import { registry } from '../campaign/registry.ts';
import { CampaignRun, type Ending } from '../campaign/run-campaign.ts';
import type { DistinctFailure } from '../campaign/tally.ts';
import { liveView, progressLine, spokenTime } from '../report/campaign-progress.ts';
import { asExpected, campaignReport, failureName } from '../report/campaign-report.ts';
import { counted, grouped } from '../report/counts.ts';
import { wrap } from '../report/layout.ts';
import type { Style } from '../report/style.ts';
import type { Campaign } from '../spec/campaign.ts';
import { readCampaignFile } from '../spec/campaign-file.ts';
import { plainSpec } from '../spec/format.ts';
import { formatSeeds } from '../spec/seed-plan.ts';
import { Store } from '../store/store.ts';
import { UsageError } from '../world/usage-error.ts';
import type { CampaignFlags } from './campaign-command.ts';
import { EXIT } from './exit-codes.ts';
import { interruptible } from './interrupt.ts';
import { withLiveView } from './live-view.ts';
import { poolFor } from './pool-for.ts';
import { replayOf } from './replay-of.ts';
import type { Terminal } from './terminal.ts';
import { readCount } from './test-input.ts';

/** Seeds within which every bug must be found. */
const SEEDS_FOR_A_BUG = 200;

/** `momus campaign`: runs many tests and reports. Returns the exit code. */
export async function campaign(
  file: string | undefined,
  flags: CampaignFlags,
  terminal: Terminal,
): Promise<number> {
  const planned = await readCampaign(file, flags);
  const store = new Store(flags.store);
  store.prepare();
  const executor = await executorOf(flags, planned);
  const run = new CampaignRun(planned, store, flags.fresh ?? false);
  if (!flags.json) terminal.out(`${wrap(intro(run, executor), terminal.width)}\n`);
  const ending = await perform(run, executor, terminal).finally(() => executor.close());
  if (flags.json) printJson(run, terminal);
  else {
    const replay = (failure: DistinctFailure) => replayOfFailure(failure, run, store, terminal);
    terminal.out(campaignReport(run, replay, terminal));
    terminal.out(`\n${conclusion(run, ending, terminal)}`);
  }
  return ending === 'interrupted' ? EXIT.interrupted : exitCode(run);
}

/** The cores of this machine, or the workers at a queue. */
async function executorOf({ queue, threads }: CampaignFlags, { name, cells }: Campaign): Promise<Executor> {
  if (queue === undefined) {
    const specs = cells.map(({ resolved }) => resolved.spec);
    return localExecutor(poolFor(specs, threads));
  }
  if (threads !== undefined)
    throw new UsageError('--threads: with --queue each worker has threads of its own');
  return queueExecutor(queue, name);
}

async function readCampaign(file: string | undefined, flags: CampaignFlags): Promise<Campaign> {
  if (file !== undefined) {
    if (flags.seeds !== undefined)
      throw new UsageError('--seeds: a campaign file says itself under which seeds it runs');
    return readCampaignFile(file, registryWithAll);
  }
  const right = readCount(flags.seeds ?? '5', '--seeds');
  return builtInCampaign(registry, { right, bug: SEEDS_FOR_A_BUG });
}

/** Performs the campaign under a live view; Ctrl-C ends it early. */
async function perform(run: CampaignRun, executor: Executor, terminal: Terminal): Promise<Ending> {
  const view = {
    lines: (style: Style) => liveView(run, executor.where, style),
    line: () => progressLine(run, executor.where),
  };
  return withLiveView(view, terminal, async (say) => {
    const stop = async () => {
      run.interrupt();
      await executor.stop();
    };
    const onFailure = (failure: DistinctFailure) => {
      // A bug that was planted is no news.
      if (run.campaign.expect === 'valid')
        say(terminal.paintErr.red(`✗ ${failureName(failure, terminal.width)}, seed ${failure.fastest.seed}`));
    };
    const { result } = await interruptible(stop, { ...terminal, err: say }, () =>
      run.perform(executor, { onFailure }),
    );
    return result;
  });
}

function intro(
  { campaign: { cells, name, expect }, resumed, otherBuild, cells: tests }: CampaignRun,
  { where }: Executor,
): string {
  const what =
    expect === 'bugs-found'
      ? 'no right system may be accused, and every bug must be found'
      : `seeds ${formatSeeds(cells[0]!.seeds)}`;
  const led = cells.some(({ explored }) => explored) ? ', explored' : '';
  const lines = [`campaign ${name}: ${counted(tests.size, 'test')} on ${where}, ${what}${led}`];
  if (resumed > 0)
    lines.push(`goes on after ${counted(resumed, 'run')} of the last time (--fresh begins anew)`);
  if (otherBuild !== undefined)
    lines.push(`begins anew: the one that was interrupted ran on another build of Momus, ${otherBuild}`);
  return lines.join('\n');
}

const ENDINGS: Readonly<Record<Ending, string>> = {
  seeds: '',
  failures: 'stopped at the failures that it was to find',
  distinct: 'stopped at the distinct failures that it was to find',
  runs: 'stopped after the runs that it was given',
  time: 'stopped after the time that it was given',
  interrupted: 'interrupted; the same command goes on from here',
};

function conclusion(run: CampaignRun, ending: Ending, { paint, width }: Terminal): string {
  const { total } = run.tally;
  const rate = (total.runs - run.resumed) / (run.elapsedNow / 1e3);
  const work =
    `${counted(total.operations, 'operation')}, ${counted(total.faults, 'fault')}, ` +
    `${spokenTime(total.nanos)} simulated, ${rate.toFixed(1)} runs/s`;
  const lines = [wrap(verdict(run, paint), width), paint.dim(wrap(work, width, '  '))];
  if (ENDINGS[ending] !== '') lines.push(`  ${paint.yellow(ENDINGS[ending])}`);
  return lines.join('\n');
}

function verdict({ campaign: planned, cells, tally }: CampaignRun, paint: Terminal['paint']): string {
  const runs = counted(tally.total.runs, 'run');
  if (planned.expect === 'valid') {
    const { invalid, crashed, unknown, valid } = tally.total;
    const tallies = [
      invalid > 0 ? paint.red.bold(`✗ ${grouped(invalid)} invalid`) : '',
      crashed > 0 ? paint.red.bold(`✗ ${grouped(crashed)} crashed`) : '',
      unknown > 0 ? paint.yellow(`? ${grouped(unknown)} unknown`) : '',
      paint.green(`✓ ${grouped(valid)} valid`),
    ];
    return `${runs}: ${tallies.filter((text) => text !== '').join(', ')}`;
  }
  const judged = [...cells].map(([id, cell]) => ({
    bug: cell.resolved.spec.bugs.length > 0,
    good: asExpected(cell, tally.cells.get(id)!, planned),
  }));
  const [bugs, right] = [judged.filter(({ bug }) => bug), judged.filter(({ bug }) => !bug)];
  const good = (some: typeof judged) => some.filter((one) => one.good).length;
  const text =
    `${good(bugs)} of ${counted(bugs.length, 'bug')} found, ` +
    `${good(right)} of ${counted(right.length, 'test')} of right systems passed, in ${runs}`;
  return good(judged) === judged.length ? paint.green(`✓ ${text}`) : paint.red(`✗ ${text}`);
}

function replayOfFailure(
  { fastest }: DistinctFailure,
  run: CampaignRun,
  store: Store,
  terminal: Terminal,
): string {
  const { seed, run: id, cell } = fastest;
  return replayOf({ seed, run: id }, run.cells.get(cell)!.resolved, store, terminal);
}

/** Invalid beats crashed beats unknown beats valid; where bugs are to be found, whether all is as expected. */
function exitCode({ campaign: planned, cells, tally }: CampaignRun): number {
  if (planned.expect === 'bugs-found') {
    const good = [...cells].every(([id, cell]) => asExpected(cell, tally.cells.get(id)!, planned));
    return good ? EXIT.valid : EXIT.invalid;
  }
  const { invalid, crashed, unknown } = tally.total;
  return invalid > 0 ? EXIT.invalid : crashed > 0 ? EXIT.crash : unknown > 0 ? EXIT.unknown : EXIT.valid;
}

function printJson({ campaign: planned, cells, tally }: CampaignRun, terminal: Terminal): void {
  for (const [id, cell] of cells) {
    const { kinds, ...counts } = tally.cells.get(id)!;
    const { seed: _, ...spec } = plainSpec(cell.resolved.spec);
    const good = asExpected(cell, tally.cells.get(id)!, planned);
    terminal.out(
      JSON.stringify({ cell: id, asExpected: good, ...counts, kinds: Object.fromEntries(kinds), spec }),
    );
  }
  for (const failure of tally.failures) terminal.out(JSON.stringify({ failure }));
}
