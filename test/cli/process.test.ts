import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../histories/temporary.ts';
import { ROOT } from '../source-files.ts';
import { momus } from './momus.ts';

const temporary = temporaryFolder();

/** Starts the command line in a process of its own, from the sources. */
function start(...argv: readonly string[]) {
  return execa(process.execPath, ['--import', 'tsx', join(ROOT, 'src/cli/main.ts'), ...argv], {
    reject: false,
    env: { NO_COLOR: '1' },
  });
}

/** Waits until the process has something on disk. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('Ctrl-C ends a run, keeps what was written, and the replay agrees with it', async () => {
  const store = temporary('interrupted');
  const history = join(store, 'runs', 'abd-5', 'history.jsonl');
  const running = start('test', 'abd', '--seed', '5', '--time-limit', '100h', '--store', store);
  await until(() => existsSync(history) && readFileSync(history).length > 10_000);
  running.kill('SIGINT');
  const { exitCode, stdout, stderr } = await running;
  expect(exitCode).toBe(130);
  expect(stderr).toContain('stopping; what is written stays');
  expect(stdout).toContain('stopped before the end, so there is no verdict');
  expect(readFileSync(history, 'utf8').endsWith('}\n')).toBe(true);
});

test('SIGKILL loses no event but the one being written', async () => {
  const store = temporary('killed');
  const history = join(store, 'runs', 'abd-5', 'history.jsonl');
  const running = start('test', 'abd', '--seed', '5', '--time-limit', '100h', '--store', store);
  await until(() => existsSync(history) && readFileSync(history).length > 10_000);
  running.kill('SIGKILL');
  await running;
  const { code } = await momus('check', history);
  expect(code).toBe(0);
});

test('a run in a process of its own has the fingerprint that it has in a worker thread of this one', async () => {
  const args = ['test', 'raft', '--seed', '11', '--time-limit', '5s', '--json'];
  const [here, there] = await Promise.all([
    momus(...args, '--store', temporary('here')),
    start(...args, '--store', temporary('there')),
  ]);
  const { fingerprint } = JSON.parse(here.out);
  expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
  expect(JSON.parse(there.stdout as string).fingerprint).toBe(fingerprint);
});

test('output that nobody reads to its end is no error', async () => {
  const listing = start('list', 'nemeses', '--json');
  listing.stdout!.destroy();
  const { exitCode } = await listing;
  expect(exitCode).toBe(0);
});
