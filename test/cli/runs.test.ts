import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../histories/temporary.ts';
import { momus } from './momus.ts';

const temporary = temporaryFolder();
const BUG = ['raft', '--bug', 'stale-leader-read'];

/** A store with one run in which the bug was found, and what was printed. */
let store: string;
let printed: string;
let id: string;

beforeAll(async () => {
  store = temporary('store');
  const search = ['--seed', '1', '--runs', '4', '--json', '--store', temporary('search')];
  const { out } = await momus('test', ...BUG, ...search);
  const runs = out.split('\n').map((line) => JSON.parse(line));
  const seed = String(runs.find(({ valid }) => valid === false).seed);
  printed = (await momus('test', ...BUG, '--seed', seed, '--store', store)).out;
  id = `raft-stale-leader-read-${seed}`;
}, 60_000);

test('a violation is explained first, with its operations, and ends with the command that replays it', () => {
  const lines = printed.split('\n').filter((line) => line !== '');
  expect(lines[0]).toBe('raft with stale-leader-read');
  expect(lines[2]).toMatch(
    /^✗ [\w-]+ - violated within its model \(fair-loss \/ crash-recovery \/ asynchronous\)$/,
  );
  expect(printed).toMatch(
    /time \(s\) +process +node +operation +answer\n +\d+\.\d{3,} - \d+\.\d{3,} +\d+ +n\d +\w+ x\d/,
  );
  expect(lines.at(-1)).toBe(`  replay  momus replay ${id} --store ${store}`);
});

test('nothing that is printed is wider than the terminal', () => {
  const wide = printed.split('\n').filter((line) => line.length > 100 && !line.includes(store));
  expect(wide).toEqual([]);
});

test('a replay is the same run, and has its verdict', async () => {
  const { code, out } = await momus('replay', id, '--store', store);
  expect(code).toBe(1);
  expect(out).toMatch(/✓ the same run: [\d,]+ events, fingerprint [0-9a-f]{16}$/);
  expect(out).toContain(printed.split('\n').filter((line) => line.startsWith('✗'))[0]);
});

test('a replay takes the folder of a run and its spec file too', async () => {
  const folder = join(store, 'runs', id);
  expect((await momus('replay', folder)).out).toContain('✓ the same run');
  expect(await momus('replay', join(folder, 'spec.yaml'), '--json')).toMatchObject({
    code: 1,
    out: expect.stringContaining('"same":null'),
  });
});

test('a replay that differs says so loudly, and where', async () => {
  const folder = join(store, 'runs', id);
  const history = join(folder, 'history.jsonl');
  const run = join(folder, 'run.json');
  const [goodHistory, goodRun] = [readFileSync(history, 'utf8'), readFileSync(run, 'utf8')];
  const lines = goodHistory.split('\n');
  lines[4] = lines[4]!.replace(/"node":"n\d"/, '"node":"n9"');
  writeFileSync(history, lines.join('\n'));
  writeFileSync(run, goodRun.replace(/"fingerprint": "\w+"/, '"fingerprint": "0"'));
  const { out } = await momus('replay', id, '--store', store);
  expect(out).toContain('✗ NOT the same run: the histories differ first at event 4');
  expect(out).toMatch(/recorded .*"index":4.*\n.*replayed .*"index":4/);
  const { code } = await momus('replay', id, '--store', store, '--json');
  expect(code).toBe(1);
  writeFileSync(history, goodHistory);
  writeFileSync(run, goodRun);
});

test('a run whose controller was killed is replayed as far as it was recorded', async () => {
  const folder = join(store, 'runs', id);
  const kept = ['run.json', 'verdict.json'].map(
    (name) => [join(folder, name), readFileSync(join(folder, name))] as const,
  );
  const history = join(folder, 'history.jsonl');
  const whole = readFileSync(history);
  for (const [path] of kept) rmSync(path);
  truncateSync(history, 20_000);
  const { out } = await momus('replay', id, '--store', store);
  expect(out).toMatch(/✓ the run was cut short; the replay agrees with all [\d,]+ events of it/);
  for (const [path, content] of kept) writeFileSync(path, content);
  writeFileSync(history, whole);
});

test('the recorded history is judged alike by check, in every format', async () => {
  const history = join(store, 'runs', id, 'history.jsonl');
  const direct = await momus('check', history);
  expect(direct.code).toBe(1);
  for (const name of ['h.edn', 'h.edn.gz', 'h.jsonl.gz']) {
    const other = temporary(name);
    expect((await momus('convert', history, other)).code).toBe(0);
    const { code, out } = await momus('check', other);
    expect(code).toBe(1);
    expect(out.split('\n').slice(1)).toEqual(direct.out.split('\n').slice(1));
  }
  expect(await momus('convert', history, temporary('h.edn'))).toMatchObject({
    code: 64,
    err: expect.stringContaining('exists already; --force replaces it'),
  });
});

test('a torn last line is left out of a check, and said', async () => {
  const torn = temporary('torn.jsonl');
  writeFileSync(torn, readFileSync(join(store, 'runs', id, 'history.jsonl')));
  appendFileSync(torn, '{"index":99');
  const { code, err } = await momus('check', torn);
  expect(code).toBe(1);
  expect(err).toMatch(/torn/);
});

test('a run that passes prints its verdict and keeps its record', async () => {
  const { code, out } = await momus('test', 'abd', '--seed', '1', '--time-limit', '5s', '--store', store);
  expect(code).toBe(0);
  expect(out).toContain('✓ valid');
  expect(existsSync(join(store, 'runs', 'abd-1', 'history.jsonl'))).toBe(true);
});

test('of many runs the first violation is explained and each has its replay; those that pass leave a line', async () => {
  const many = temporary('many');
  const { code, out } = await momus('test', ...BUG, '--seed', '1', '--runs', '5', '--store', many);
  expect(code).toBe(1);
  expect(out).toMatch(/^seed \d+ {2}✗ /m);
  expect(out).toMatch(/^5 runs: ✗ \d+ invalid, ✓ \d+ valid · [\d,]+ operations, [\d,]+ faults$/m);
  const kept = readdirSync(join(many, 'runs'));
  for (const run of kept) expect(out).toContain(`momus replay ${run} --store ${many}`);
  expect(readFileSync(join(many, 'index.jsonl'), 'utf8').trim().split('\n')).toHaveLength(5);
});

test('--json prints a line for each run', async () => {
  const { code, out } = await momus(
    'test',
    'abd',
    '--runs',
    '2',
    '--seed',
    'week',
    '--time-limit',
    '2s',
    '--json',
    '--store',
    store,
  );
  expect(code).toBe(0);
  const lines = out.split('\n').map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { seed: 'week', valid: true, spec: { system: 'abd', timeLimit: '2s' } },
    { seed: 'week-2', valid: true },
  ]);
});

test('without --seed a fresh one is drawn and printed', async () => {
  const { out } = await momus('test', 'abd', '--time-limit', '2s', '--store', store);
  expect(out).toMatch(/ · seed \d+$/m);
});

test('--verify-determinism compares two runs event by event', async () => {
  const { code, out } = await momus(
    'test',
    'raft',
    '--seed',
    '2',
    '--time-limit',
    '5s',
    '--verify-determinism',
  );
  expect(out).toMatch(
    /^✓ deterministic: two runs of seed 2 agree in all [\d,]+ events · fingerprint \w{16}$/,
  );
  expect(code).toBe(0);
});
