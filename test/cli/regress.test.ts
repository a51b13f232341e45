import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../histories/temporary.ts';
import { parseXml } from '../report/xml.ts';
import { build, compiled } from './compiled.ts';

const temporary = temporaryFolder();

beforeAll(build, 240_000);

/** Runs a command line in a process of its own. */
async function momus(...argv: readonly string[]) {
  const { exitCode: code, stdout: out, stderr: err } = await compiled(...argv);
  return { code, out, err };
}

const FAILS = 'system: raft\nbugs: [stale-leader-read]\ntimeLimit: 8s\nsettle: 2s\nseed: 6\n';
const PASSES = 'system: abd\nnemeses: []\ntimeLimit: 2s\nsettle: 1s\nseed: 1\n';
const FAILS_OTHERWISE = `${FAILS}anomalies: [lost-update]\n`;
const BROKEN = 'system: abd\nnemeses: [partitoin]\nseed: 1\n';

function folder(name: string, files: Readonly<Record<string, string>>): string {
  const path = temporary(name);
  mkdirSync(path);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

function regress(dir: string, ...flags: readonly string[]) {
  return momus('regress', dir, '--threads', '1', '--store', temporary('store'), ...flags);
}

test('a stored run is saved once, as a spec that fails as it did', async () => {
  const dir = temporary('saved');
  const store = ['--store', temporary('runs')];
  await momus('test', 'raft', '--bug', 'stale-leader-read', '--seed', '1', ...store);
  const first = await momus('save', 'raft-stale-leader-read-1', dir, ...store);
  const file = join(dir, 'raft-stale-leader-read-1.yaml');
  expect(first).toMatchObject({ code: 0, out: `saved in ${file}` });
  expect((await momus('save', 'raft-stale-leader-read-1', dir, ...store)).out).toBe(
    `already saved in ${file}`,
  );
  expect(readFileSync(file, 'utf8')).toMatch(/^anomalies:\n {2}- stale-read$/m);
  expect((await momus('save', file, temporary('copied'))).code).toBe(0);
  const { code, out } = await regress(dir);
  expect(code).toBe(1);
  expect(out).toMatch(/^✗ .*raft-stale-leader-read-1\.yaml +stale-read$/m);
  expect(out).toContain(`replay ${file}`);
});

test('another test of the same name gets a file of its own', async () => {
  const dir = folder('names', { 'x.yaml': 'seed: 1\n' });
  const spec = join(folder('elsewhere', { 'x.yaml': PASSES }), 'x.yaml');
  expect((await momus('save', spec, dir)).out).toBe(`saved in ${join(dir, 'x-2.yaml')}`);
  expect(readFileSync(join(dir, 'x.yaml'), 'utf8')).toBe('seed: 1\n');
});

test('each spec must pass, or with --known must still fail; a broken file hides none of them', async () => {
  const dir = folder('mixed', { 'a.yaml': PASSES, 'b.yaml': BROKEN, 'c.yaml': FAILS });
  const fixed = await regress(dir);
  expect(fixed.code).toBe(1);
  expect(fixed.out).toMatch(/✓ .*a\.yaml +valid\n✗ .*b\.yaml +broken spec file\n✗ .*c\.yaml +stale-read\n/);
  expect(fixed.out).toMatch(/b\.yaml:2:11: no nemesis "partitoin" \(did you mean "partition"\?\)/);
  expect(fixed.out).toContain('3 specs: ✗ 1 failed, ✗ 1 refused, ✓ 1 passed');
  const known = await regress(dir, '--known');
  expect(known.code).toBe(1);
  expect(known.out).toMatch(/✗ .*a\.yaml +no longer fails\n/);
  expect(known.out).toMatch(/✓ .*c\.yaml +still fails: stale-read\n/);
  expect(known.out).toMatch(/^no longer fails: .*a\.yaml$/m);
});

test('the exit code is 0 when all is as it should be, and 64 when only a file is broken', async () => {
  expect(await regress(folder('good', { 'a.yaml': PASSES }))).toMatchObject({ code: 0 });
  expect(await regress(folder('known', { 'c.yaml': FAILS }), '--known')).toMatchObject({ code: 0 });
  expect(await regress(folder('broken', { 'a.yaml': PASSES, 'b.yaml': BROKEN }))).toMatchObject({ code: 64 });
});

test('a test that fails with another anomaly than the one it was saved for is not the known one', async () => {
  const dir = folder('otherwise', {
    'a.yaml': `${FAILS}anomalies: [stale-read]\n`,
    'b.yaml': FAILS_OTHERWISE,
  });
  const { code, out } = await regress(dir, '--known');
  expect(code).toBe(1);
  expect(out).toMatch(/✓ .*a\.yaml +still fails: stale-read\n/);
  expect(out).toMatch(/✗ .*b\.yaml +fails otherwise: stale-read instead of lost-update\n/);
  expect(out).toMatch(/^replay +.* replay .*b\.yaml$/m);
  expect(out).not.toContain('no longer');
});

test('a folder that is missing or has no specs is said plainly', async () => {
  const missing = await regress(temporary('nowhere'));
  expect(missing).toMatchObject({ code: 64, err: expect.stringContaining('no such folder; momus save RUN') });
  const empty = await regress(folder('empty', { 'notes.txt': '' }));
  expect(empty).toMatchObject({ code: 64, err: expect.stringContaining('has no spec files (*.yaml)') });
});

test('reports for other tools are written where they were asked for', async () => {
  const dir = folder('reported', { 'b.yaml': BROKEN, 'c.yaml': FAILS });
  const [xml, log, summary] = [
    temporary('out/junit.xml'),
    temporary('out/momus.sarif'),
    temporary('summary.md'),
  ];
  vi.stubEnv('GITHUB_ACTIONS', 'true');
  vi.stubEnv('GITHUB_STEP_SUMMARY', summary);
  const { code, out } = await regress(dir, '--junit', xml, '--sarif', log).finally(() => vi.unstubAllEnvs());
  expect(code).toBe(1);
  expect(out).toMatch(/^::error file=.*b\.yaml,line=2,col=11,title=broken spec file::/m);
  expect(out).toMatch(/^::error file=.*c\.yaml,line=1,title=stale-read::.*violated within its model/m);
  const [suite] = parseXml(readFileSync(xml, 'utf8')).children;
  expect(suite!.attributes).toMatchObject({ tests: '2', failures: '1', errors: '1' });
  const [{ results }] = JSON.parse(readFileSync(log, 'utf8')).runs;
  expect(results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(['broken-spec', 'stale-read']);
  expect(readFileSync(summary, 'utf8')).toContain('0 of 2 specs');
});
