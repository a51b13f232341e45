import type { History } from '../../histories/history.ts';
import { readHistory } from '../../histories/read.ts';
import { firstDifference } from '../campaign/compare-runs.ts';
import { grouped } from '../report/counts.ts';
import { parting } from '../report/parting.ts';
import { readSpecFile } from '../spec/read-spec.ts';
import { openRun } from '../store/recorded-run.ts';
import { Store } from '../store/store.ts';
import type { DiffFlags } from './diff-command.ts';
import { EXIT } from './exit-codes.ts';
import { isFile } from './open-spec.ts';
import type { Terminal } from './terminal.ts';

/** A run to compare. */
interface Side {
  readonly history: History;
  /** What its spec says; empty for a bare history. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** `momus diff`: shows where two runs part. Returns 0 where they don't, else 1. */
export async function diff(
  run: string,
  other: string,
  flags: DiffFlags,
  terminal: Terminal,
): Promise<number> {
  const { paint } = terminal;
  const [a, b] = [await sideOf(run, flags), await sideOf(other, flags)];
  for (const line of differentSettings(a, b)) terminal.out(paint.dim(line));
  const index = firstDifference(a.history, b.history);
  if (index === a.history.length && index === b.history.length) {
    terminal.out(`${paint.green('✓')} the same ${grouped(index)} events`);
    return EXIT.valid;
  }
  terminal.out(
    `they part at event ${grouped(index)}${index === 0 ? '' : `, after ${grouped(index)} alike`}\n`,
  );
  terminal.out(parting(a.history, b.history, index, terminal));
  terminal.out(`\n${paint.red('-')} ${run}\n${paint.green('+')} ${other}`);
  return EXIT.invalid;
}

async function sideOf(run: string, { store }: DiffFlags): Promise<Side> {
  if (isFile(run)) return { history: (await readHistory(run)).history, settings: {} };
  const recorded = openRun(new Store(store).find(run));
  return { history: await recorded.history(), settings: readSpecFile(recorded.specFile).data };
}

/** What the two specs don't share: `seed: 1 and 2`. */
function differentSettings(a: Side, b: Side): string[] {
  const names = new Set([...Object.keys(a.settings), ...Object.keys(b.settings)]);
  return [...names].flatMap((name) => {
    const [one, two] = [JSON.stringify(a.settings[name]), JSON.stringify(b.settings[name])];
    return one === two ? [] : [`${name}: ${one ?? 'not set'} and ${two ?? 'not set'}`];
  });
}
