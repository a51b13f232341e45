import { accessSync, appendFileSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { History } from '../../histories/history.ts';
import { plainSpec } from '../spec/format.ts';
import type { Outcome } from '../spec/outcome.ts';
import type { TestSpec } from '../spec/test-spec.ts';
import { didYouMean } from '../world/did-you-mean.ts';
import { UsageError } from '../world/usage-error.ts';
import { makeFolders } from './make-folders.ts';
import { beginRun, keepRun, type RunFolder, SPEC_FILE, sweepUnfinished } from './run-folder.ts';
import { runId } from './run-id.ts';
import { storing } from './store-error.ts';

/** Where runs are stored unless the user says otherwise. */
export const DEFAULT_STORE = '.momus';

/** A line of `index.jsonl`: a run of which nothing else may have been kept. */
export interface IndexLine extends Pick<Outcome, 'spec' | 'valid' | 'fingerprint'> {
  /** Its folder, if it was kept. */
  readonly run?: string | undefined;
}

/** Runs on disk: a folder each under `runs/`, and a line each in `index.jsonl`. Every method may throw a `UsageError`. */
export class Store {
  readonly folder: string;
  readonly runs: string;
  private readonly unfinished: string;

  constructor(folder: string) {
    this.folder = folder;
    this.runs = join(folder, 'runs');
    this.unfinished = join(folder, 'unfinished');
  }

  /** Makes sure that runs can be stored, before time is spent on one. */
  prepare(): void {
    storing(this.folder, () => {
      makeFolders(this.runs);
      accessSync(this.runs, constants.W_OK);
      sweepUnfinished(this.unfinished);
    });
  }

  /** A folder for a run that is about to start. */
  begin(spec: TestSpec): RunFolder {
    return storing(this.folder, () => beginRun(this.runs, runId(spec), spec));
  }

  /**
   * Stores a run that is over, once however often it is repeated; returns its id. A text is a history in JSON Lines.
   * `trial`: which changed run of an explored test it is, because several may have the same seed.
   */
  keep(outcome: Outcome, history: History | string, trial?: number): string {
    const id = runId(outcome.spec) + (trial === undefined ? '' : `-trial-${trial}`);
    return storing(this.folder, () => keepRun(this.runs, this.unfinished, id, outcome, history));
  }

  /** Stores what a run was made of, of which nothing else is known; returns its id. */
  keepSpec(spec: TestSpec): string {
    const folder = this.begin(spec);
    storing(this.folder, () => folder.close());
    return folder.id;
  }

  /** Where a run of this id is, or would be. */
  folderOf(id: string): string {
    return join(this.runs, id);
  }

  /** Adds lines to the index. */
  note(lines: readonly IndexLine[]): void {
    const text = lines.map(({ spec, ...rest }) => `${JSON.stringify({ ...rest, spec: plainSpec(spec) })}\n`);
    storing(this.folder, () => appendFileSync(join(this.folder, 'index.jsonl'), text.join('')));
  }

  /** The folder of a run, by its id or its path. */
  find(run: string): string {
    for (const folder of [this.folderOf(run), run]) {
      if (existsSync(join(folder, SPEC_FILE))) return folder;
    }
    const ids = this.newest();
    const has = ids.length === 0 ? 'no run is stored there' : `the newest are ${ids.slice(0, 3).join(', ')}`;
    throw new UsageError(`no run "${run}" in ${this.runs}${didYouMean(run, ids)}; ${has}`);
  }

  /** The ids of all stored runs, newest first. */
  private newest(): string[] {
    if (!existsSync(this.runs)) return [];
    const age = (id: string): number => statSync(join(this.runs, id)).mtimeMs;
    return readdirSync(this.runs).sort((a, b) => age(b) - age(a));
  }
}
