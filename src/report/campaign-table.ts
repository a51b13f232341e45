import type { CellResult } from '../campaign/run-campaign.ts';
import { grouped } from './counts.ts';
import { table } from './layout.ts';
import type { Style } from './style.ts';

/** A line for each cell of a campaign: what was tested, how many runs it took, what they found. */
export function campaignTable(results: readonly CellResult[], { paint }: Style): string {
  const header = ['', 'system', 'bug', 'workload', 'nemesis', 'runs', 'found'].map((name) => paint.dim(name));
  const rows = results.map((result) => {
    const { spec } = result.cell.resolved;
    return [
      result.asExpected ? paint.green('✓') : paint.red.bold('✗'),
      spec.system,
      spec.bugs.join(', ') || paint.dim('none'),
      spec.workload,
      spec.nemeses.map(({ name }) => name).join(', '),
      grouped(result.runs.length),
      found(result, { paint }),
    ];
  });
  return table([header, ...rows]);
}

function found({ invalid, runs, asExpected }: CellResult, { paint }: Pick<Style, 'paint'>): string {
  if (invalid !== undefined) {
    const kinds = invalid.outcome.verdicts.flatMap(({ anomalies: [first] }) => (first ? [first.kind] : []));
    const text = [...new Set(kinds)].join(', ');
    return asExpected ? text : paint.red(text);
  }
  const crash = runs.find(({ state }) => state === 'crashed');
  if (crash !== undefined) return paint.red(`crash at seed ${crash.seed}`);
  const unknown = runs.find((run) => run.state === 'judged' && run.outcome.valid === 'unknown');
  if (unknown !== undefined) return paint.yellow(`unknown at seed ${unknown.seed}`);
  return asExpected ? paint.dim('nothing') : paint.red('nothing');
}
