import type { CellCounts, DistinctFailure, Tally } from '../campaign/tally.ts';
import type { Campaign, Cell } from '../spec/campaign.ts';
import type { ResolvedSpec } from '../spec/resolve.ts';
import { shortNemeses, shortWorkload } from '../spec/short-form.ts';
import { formatModel } from '../world/system-model.ts';
import { counted, grouped } from './counts.ts';
import { cut, table, wrap } from './layout.ts';
import type { Style } from './style.ts';

/** Cells and failures that are listed; whoever has more wants another tool than eyes. */
const MOST_CELLS = 80;
const MOST_FAILURES = 20;
const MOST_DOUBTS = 5;

/** A campaign and what came of it. */
export interface CampaignResult {
  readonly campaign: Campaign;
  /** By cell id. */
  readonly cells: ReadonlyMap<string, Cell>;
  readonly tally: Tally;
}

/** Whether what came of a cell is what the campaign expects of it. */
export function asExpected({ resolved }: Cell, counts: CellCounts, { expect }: Campaign): boolean {
  if (expect === 'bugs-found' && resolved.spec.bugs.length > 0) return counts.invalid > 0;
  return counts.runs > 0 && counts.valid === counts.runs;
}

/** A line for each cell, then one for each distinct failure, then why passes may prove little. */
export function campaignReport(
  result: CampaignResult,
  replay: (failure: DistinctFailure) => string,
  style: Style,
): string {
  const { tally } = result;
  const parts = [cellTable(result, style)];
  if (tally.failures.length > 0) parts.push(failureTable(tally, replay, style));
  if (tally.doubts.size > 0) parts.push(doubts(result, style));
  return parts.join('\n\n');
}

function cellTable({ campaign, cells, tally }: CampaignResult, { paint, width }: Style): string {
  const rows = [...cells].map(([id, cell]) => {
    const counts = tally.cells.get(id)!;
    return { resolved: cell.resolved, counts, good: asExpected(cell, counts, campaign) };
  });
  const bad = rows.filter(({ good }) => !good);
  const shown = rows.length <= MOST_CELLS ? rows : bad.slice(0, MOST_CELLS);
  // A system has the model that it assumes unless the campaign varies it.
  const byModel = rows.some(
    ({ resolved: { spec, system } }) => formatModel(spec.model) !== formatModel(system.assumes),
  );
  const lines = shown.map(({ resolved, counts, good }) => [
    good ? paint.green('✓') : counts.runs === 0 ? paint.dim('-') : paint.red.bold('✗'),
    resolved.spec.system,
    resolved.spec.bugs.join(', ') || paint.dim('none'),
    shortWorkload(resolved),
    cut(shortNemeses(resolved), width / 3),
    ...(byModel ? [formatModel(resolved.spec.model)] : []),
    grouped(counts.runs),
    found(counts, good, { paint, width }),
  ]);
  const names = ['', 'system', 'bug', 'workload', 'nemesis', ...(byModel ? ['model'] : []), 'runs', 'found'];
  const head = names.map((name) => paint.dim(name));
  const left = rows.length - shown.length;
  const rest = left > 0 ? `\n${paint.dim(`and ${counted(left, 'test')} more`)}` : '';
  return `${lines.length === 0 ? '' : table([head, ...lines])}${rest}`;
}

function found({ runs, kinds }: CellCounts, good: boolean, { paint, width }: Style): string {
  if (runs === 0) return paint.dim('not run');
  if (kinds.size === 0) return good ? paint.dim('nothing') : paint.red('nothing');
  const text = [...kinds].sort((a, b) => b[1] - a[1]).map(([kind, n]) => (n > 1 ? `${n} ${kind}` : kind));
  const short = cut(text.join(', '), width / 2);
  return good ? short : paint.red(short);
}

function failureTable(
  tally: Tally,
  replay: (failure: DistinctFailure) => string,
  { paint, width }: Style,
): string {
  const failures = tally.failures;
  const rows = failures
    .slice(0, MOST_FAILURES)
    .map((failure) => [`  ${grouped(failure.count)}`, failureName(failure, width / 2), replay(failure)]);
  const head = ['  runs', 'distinct failures', 'replay of the fastest'].map((name) => paint.dim(name));
  const more = failures.length - rows.length;
  const rest = more > 0 ? `\n  ${paint.dim(`and ${more} more; --json lists all`)}` : '';
  return `${table([head, ...rows])}${rest}`;
}

/** `stale-read in raft with stale-leader-read`. */
export function failureName({ system, bugs, kinds, valid }: DistinctFailure, width: number): string {
  const what = `${valid === 'crashed' ? 'crash: ' : ''}${kinds[0] ?? 'failure'}`;
  const where = bugs.length === 0 ? system : `${system} with ${bugs.join(', ')}`;
  return `${cut(what, width)} in ${where}`;
}

function doubts({ tally, cells }: CampaignResult, { paint, width }: Style): string {
  const all = [...tally.doubts].sort((a, b) => b[1].count - a[1].count);
  const more = all.length > MOST_DOUBTS ? [`  and ${counted(all.length - MOST_DOUBTS, 'reason')} more`] : [];
  const lines = all.slice(0, MOST_DOUBTS).map(([doubt, { count, first }]) => {
    const where = `${counted(count, 'run')} (${cellName(cells.get(first.cell)!.resolved)} seed ${first.seed}${count > 1 ? ' ...' : ''})`;
    return wrap(paint.yellow(`! ${where}: ${doubt}, so the pass proves little`), width);
  });
  return [...lines, ...more].join('\n');
}

function cellName(resolved: ResolvedSpec): string {
  const { system, bugs } = resolved.spec;
  return [system, ...bugs, shortWorkload(resolved)].join(' ');
}
