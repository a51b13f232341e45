import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { historyOf } from '../../histories/builder.ts';
import { fingerprint } from '../../histories/fingerprint.ts';
import type { OpEvent } from '../../histories/op.ts';
import type { Outcome } from '../../src/spec/outcome.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import { openRun } from '../../src/store/recorded-run.ts';
import { runId } from '../../src/store/run-id.ts';
import { Store } from '../../src/store/store.ts';
import type { Seed } from '../../src/world/random.ts';
import { temporaryFolder } from '../histories/temporary.ts';
import { toyRegistry } from '../spec/toy-registry.ts';

const temporary = temporaryFolder();
let stores = 0;

const EVENTS: OpEvent[] = [
  { time: 1, process: 0, type: 'invoke', f: 'read', value: null },
  { time: 2, process: 0, type: 'ok', f: 'read', value: 7 },
];
const history = historyOf(EVENTS);

function newStore(): Store {
  const store = new Store(temporary(`store-${stores++}`));
  store.prepare();
  return store;
}

function specWith(seed: Seed) {
  return resolveSpec({ system: 'echo', nemeses: [], seed }, toyRegistry).spec;
}

function outcomeWith(seed: Seed, print = fingerprint(history)): Outcome {
  return { spec: specWith(seed), valid: false, verdicts: [], beyond: [], fingerprint: print, counts: {} };
}

test('ids are readable, and fit for a folder whatever the seed', () => {
  expect(runId(specWith(4711))).toBe('echo-4711');
  expect(runId({ ...specWith(1), bugs: ['deaf', 'slow'] })).toBe('echo-deaf-slow-1');
  expect(runId(specWith('../../etc/passwd'))).toBe('echo-.._.._etc_passwd');
  expect(runId(specWith('x'.repeat(500))).length).toBeLessThan(50);
});

test('a run in progress has its spec and every event on disk at once', async () => {
  const store = newStore();
  const run = store.begin(specWith(1));
  for (const [index, event] of EVENTS.entries()) run.append({ index, ...event });
  // Nothing was closed or finished: this is what a killed process leaves.
  const recorded = openRun(store.find('echo-1'));
  expect(recorded.record).toBeUndefined();
  expect(fingerprint(await recorded.history())).toBe(fingerprint(history));
  expect(readFileSync(recorded.specFile, 'utf8')).toContain('system: echo');
  run.close();
});

test('a finished run has its verdict and its fingerprint', async () => {
  const store = newStore();
  const run = store.begin(specWith(1));
  for (const [index, event] of EVENTS.entries()) run.append({ index, ...event });
  run.finish(outcomeWith(1));
  expect(readdirSync(run.path).sort()).toEqual(['history.jsonl', 'run.json', 'spec.yaml', 'verdict.json']);
  expect(openRun(run.path).record).toMatchObject({ id: 'echo-1', fingerprint: fingerprint(history) });
  expect(JSON.parse(readFileSync(join(run.path, 'verdict.json'), 'utf8'))).toMatchObject({ valid: false });
});

test('two runs of one name have two folders', () => {
  const store = newStore();
  expect([1, 2, 3].map(() => store.begin(specWith(1)).id)).toEqual(['echo-1', 'echo-1-2', 'echo-1-3']);
});

test('the very same run is kept once', () => {
  const store = newStore();
  expect(store.keep(outcomeWith(1), history)).toBe('echo-1');
  expect(store.keep(outcomeWith(1), history)).toBe('echo-1');
  expect(store.keep(outcomeWith(1, 'another'), history)).toBe('echo-1-2');
  expect(readdirSync(store.runs)).toHaveLength(2);
});

test('the index has a line for each run, with all that it takes to repeat it', () => {
  const store = newStore();
  const { spec, valid, fingerprint: print } = outcomeWith(5);
  store.note([{ spec, valid, fingerprint: print }]);
  store.note([{ spec, valid: true, fingerprint: print, run: 'echo-5' }]);
  const lines = readFileSync(join(store.folder, 'index.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l));
  expect(lines).toMatchObject([
    { valid: false, spec: { system: 'echo', seed: 5, timeLimit: '30s' } },
    { valid: true, run: 'echo-5' },
  ]);
});

test('a run is found by its id and by its path; a wrong name gets the nearest', () => {
  const store = newStore();
  const { path } = store.begin(specWith(1));
  expect(store.find('echo-1')).toBe(path);
  expect(store.find(path)).toBe(path);
  expect(() => store.find('ecko-1')).toThrow(/no run "ecko-1" in .*runs \(did you mean "echo-1"\?\)/);
  expect(() => newStore().find('x')).toThrow(/no run is stored there/);
});

test('a store that cannot be written is one line that says what to do', () => {
  const file = temporary('a-file');
  writeFileSync(file, '');
  for (const folder of [file, join(file, 'below'), '/proc/nope'])
    expect(() => new Store(folder).prepare()).toThrow(
      /^can't store runs in .*; choose another folder with --store DIR$/,
    );
});

test('a run that cannot be written whole leaves no half of a run behind', () => {
  const store = newStore();
  // A bigint is no JSON, so the last of the four files fails.
  const unwritable = { ...outcomeWith(2), counts: { events: 1n as never } };
  expect(() => store.keep(unwritable, history)).toThrow();
  expect(readdirSync(store.runs)).toEqual([]);
});

test('a damaged record says which file to look at', () => {
  const store = newStore();
  const { path } = store.begin(specWith(1));
  writeFileSync(join(path, 'run.json'), '{"id":');
  expect(() => openRun(path)).toThrow(/run\.json: is no JSON; delete it/);
  writeFileSync(join(path, 'run.json'), '{}');
  expect(() => openRun(path)).toThrow(/run\.json: has no fingerprint/);
});
