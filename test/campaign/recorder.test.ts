import { expect, test } from 'vitest';
import { historyOf } from '../../histories/builder.ts';
import { HistoryFileError } from '../../histories/history-file-error.ts';
import { Recorder } from '../../src/campaign/recorder.ts';
import type { Outcome } from '../../src/spec/outcome.ts';
import type { TestSpec } from '../../src/spec/test-spec.ts';
import type { RunFolder } from '../../src/store/run-folder.ts';
import type { Store } from '../../src/store/store.ts';

const OP = { index: 0, time: 0, process: 0, type: 'invoke', f: 'read', value: null } as const;
const spec = {} as TestSpec;
const outcome: Outcome = { spec, valid: true, verdicts: [], beyond: [], fingerprint: 'f', counts: {} };

/** A store whose disk is full from the second event on, and what was asked of it. */
function fullStore(): { store: Store; asked: string[] } {
  const asked: string[] = [];
  const folder: RunFolder = {
    id: 'run-1',
    path: '',
    append() {
      asked.push('append');
      if (asked.length > 1) throw new HistoryFileError('history.jsonl', undefined, 'the disk is full');
    },
    finish: () => asked.push('finish'),
    close: () => asked.push('close'),
  };
  const note = () => asked.push('note');
  return { store: { begin: () => folder, note } as unknown as Store, asked };
}

test('a disk that is full costs the rest of the record and not the run', () => {
  const { store, asked } = fullStore();
  const recorder = new Recorder(store, 'all');
  recorder.begin(spec);
  expect(recorder.run).toBe('run-1');
  for (let i = 0; i < 4; i++) recorder.append(OP);
  recorder.finish(outcome, historyOf([]));
  recorder.close();
  expect(asked).toEqual(['append', 'append']);
  expect(recorder.problem).toBe('history.jsonl: the disk is full');
  expect(recorder.run).toBeUndefined();
});

test('of many runs, those that pass are noted and those that do not are kept', () => {
  const kept: unknown[] = [];
  const noted: unknown[] = [];
  const store = {
    keep(given: Outcome) {
      kept.push(given);
      return 'kept-1';
    },
    note: (lines: unknown[]) => noted.push(...lines),
  } as unknown as Store;
  for (const valid of [true, false, 'unknown'] as const) {
    const recorder = new Recorder(store, 'failures');
    recorder.begin(spec);
    recorder.append(OP);
    recorder.finish({ ...outcome, valid }, historyOf([]));
    expect(recorder.run).toBe(valid === true ? undefined : 'kept-1');
  }
  expect(kept).toHaveLength(2);
  expect(noted).toMatchObject([{ run: undefined }, { run: 'kept-1' }, { run: 'kept-1' }]);
});
