import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Validity } from '../../checkers/checker.ts';
import type { History } from '../../histories/history.ts';
import { readHistory } from '../../histories/read.ts';
import { anomalyKinds, type Outcome } from '../spec/outcome.ts';
import { UsageError } from '../world/usage-error.ts';
import { HISTORY_FILE, RUN_FILE, type RunRecord, SPEC_FILE, VERDICT_FILE } from './run-folder.ts';

/** A stored run: its spec, and what was recorded of it. */
export interface RecordedRun {
  readonly specFile: string;
  /** Absent when the run was cut short. */
  readonly record: RunRecord | undefined;
  /** What was found then; absent when the run was cut short. */
  readonly valid: Validity | undefined;
  /** The kinds of anomaly that were found, each once. */
  readonly anomalies: readonly string[];
  /** The history, or as much of it as reached the disk. */
  history(): Promise<History>;
}

/** Opens the folder of a run. */
export function openRun(folder: string): RecordedRun {
  const verdict = readVerdict(join(folder, VERDICT_FILE));
  return {
    specFile: join(folder, SPEC_FILE),
    record: readRecord(join(folder, RUN_FILE)),
    valid: verdict?.valid,
    anomalies: verdict === undefined ? [] : anomalyKinds(verdict),
    history: async () => (await readHistory(join(folder, HISTORY_FILE))).history,
  };
}

function readRecord(path: string): RunRecord | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as Partial<RunRecord> | null;
    if (typeof record?.fingerprint === 'string') return record as RunRecord;
  } catch (cause) {
    throw new UsageError(`${path}: is no JSON; delete it to replay the run without comparing`, { cause });
  }
  throw new UsageError(`${path}: has no fingerprint; delete it to replay the run without comparing`);
}

function readVerdict(path: string): Pick<Outcome, 'valid' | 'verdicts'> | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
