import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The lines of the index of campaign `c`, those that are whole. */
export function linesOf(store: string): string[] {
  const index = join(store, 'campaigns', 'c', 'runs.jsonl');
  return existsSync(index) ? readFileSync(index, 'utf8').split('\n').slice(0, -1) : [];
}

/** What is stored of each run, in the order of their names, but for when it was over. */
export function runsOf(store: string): unknown[] {
  const runs = linesOf(store).map((line) => {
    const { at: _, ...run } = JSON.parse(line);
    return { key: `${run.cell} ${run.trial ?? run.seed}`, ...run };
  });
  return runs.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Every file of every run that was kept whole. */
export function keptFiles(store: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const run of readdirSync(join(store, 'runs')))
    for (const part of ['spec.yaml', 'history.jsonl', 'verdict.json', 'run.json'])
      files[`${run}/${part}`] = readFileSync(join(store, 'runs', run, part), 'utf8');
  return files;
}
