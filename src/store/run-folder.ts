import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { History } from '../../histories/history.ts';
import { JsonlWriter } from '../../histories/jsonl-writer.ts';
import type { Op } from '../../histories/op.ts';
import { writeHistory } from '../../histories/write.ts';
import { formatSpec } from '../spec/format.ts';
import type { Outcome } from '../spec/outcome.ts';
import type { TestSpec } from '../spec/test-spec.ts';
import { VERSION } from '../version.ts';
import { writeAtomically } from './atomic-write.ts';
import { isAlive } from './is-alive.ts';
import { makeFolders } from './make-folders.ts';

export const SPEC_FILE = 'spec.yaml';
export const HISTORY_FILE = 'history.jsonl';
export const VERDICT_FILE = 'verdict.json';
export const RUN_FILE = 'run.json';

/** `run.json`: written last, so that its presence says that the run is whole. */
export interface RunRecord {
  readonly id: string;
  readonly fingerprint: string;
  readonly momus: string;
  readonly node: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** A run that is being written to disk. */
export interface RunFolder {
  readonly id: string;
  readonly path: string;
  /** Takes an event of the history as it happens. */
  append(op: Op): void;
  /** Ends the history and writes what came of the run. */
  finish(outcome: Outcome): void;
  /** Ends the history; nothing happens if it has ended. */
  close(): void;
}

/** Makes the first of `id`, `id-2`, `id-3` ... that doesn't exist, for a run that begins. */
export function beginRun(runs: string, id: string, spec: TestSpec): RunFolder {
  const { path, id: unique } = makeFolder(runs, id);
  writeAtomically(join(path, SPEC_FILE), formatSpec(spec));
  // Each line at once, so that whatever ends this process loses no event.
  const writer = new JsonlWriter(join(path, HISTORY_FILE), { batch: 0 });
  return {
    id: unique,
    path,
    append: (op) => writer.append(op),
    finish(outcome) {
      writer.close();
      writeOutcome(path, unique, outcome);
    },
    close: () => writer.close(),
  };
}

/**
 * Writes a run that is over and returns its id: all of it or, whatever goes wrong, nothing, because it is written in the
 * folder `unfinished` and moved from there. A run that is already there, the very same history of the same test, is not
 * written again: only its verdict is, which a newer Momus may judge anew.
 */
export function keepRun(
  runs: string,
  unfinished: string,
  id: string,
  outcome: Outcome,
  history: History | string,
): string {
  for (let n = 1; ; n++) {
    const unique = numbered(id, n);
    const path = join(runs, unique);
    if (!existsSync(path)) {
      if (moveInto(path, unfinished, unique, outcome, history)) return unique;
    } else if (isSameRun(path, outcome)) {
      writeOutcome(path, unique, outcome);
      return unique;
    }
  }
}

/** Writes a run elsewhere first; false if somebody else made `path` meanwhile. */
function moveInto(
  path: string,
  unfinished: string,
  id: string,
  outcome: Outcome,
  history: History | string,
): boolean {
  // Named by process and thread, because only one at a time may write there.
  const draft = join(unfinished, `${id}.${process.pid}.${threadId}`);
  rmSync(draft, { recursive: true, force: true });
  makeFolders(draft);
  try {
    writeAtomically(join(draft, SPEC_FILE), formatSpec(outcome.spec));
    const file = join(draft, HISTORY_FILE);
    if (typeof history === 'string') writeFileSync(file, history);
    else writeHistory(file, history);
    writeOutcome(draft, id, outcome);
    renameSync(draft, path);
    return true;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return false;
    throw error;
  }
}

/** Removes what processes that no longer live have left unfinished. */
export function sweepUnfinished(unfinished: string): void {
  if (!existsSync(unfinished)) return;
  for (const draft of readdirSync(unfinished)) {
    const pid = Number(draft.split('.').at(-2));
    if (!isAlive(pid)) rmSync(join(unfinished, draft), { recursive: true, force: true });
  }
}

function isSameRun(path: string, { fingerprint, spec }: Outcome): boolean {
  return fingerprintIn(path) === fingerprint && textOf(join(path, SPEC_FILE)) === formatSpec(spec);
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function numbered(id: string, n: number): string {
  return n === 1 ? id : `${id}-${n}`;
}

function makeFolder(runs: string, id: string): { path: string; id: string } {
  for (let n = 1; ; n++) {
    const unique = numbered(id, n);
    const path = join(runs, unique);
    try {
      mkdirSync(path);
      return { path, id: unique };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function writeOutcome(path: string, id: string, outcome: Outcome): void {
  const { valid, verdicts, beyond, fingerprint, counts } = outcome;
  const record: RunRecord = { id, fingerprint, momus: VERSION, node: process.version, counts };
  writeAtomically(join(path, VERDICT_FILE), asJson({ valid, beyond, verdicts }));
  writeAtomically(join(path, RUN_FILE), asJson(record));
}

function fingerprintIn(path: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(path, RUN_FILE), 'utf8')).fingerprint;
  } catch {
    return undefined;
  }
}

function asJson(data: unknown): string {
  return `${JSON.stringify(data, null, 2)}\n`;
}
