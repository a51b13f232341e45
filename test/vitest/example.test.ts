import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../histories/temporary.ts';
import { ROOT } from '../source-files.ts';

const temporary = temporaryFolder();

/** Runs a user's test file in a vitest of its own, in which `momus/vitest` is this checkout. */
async function runVitest(name: string, source: string) {
  const folder = temporary(name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'register.test.ts'), source);
  const alias = {
    'momus/vitest': join(ROOT, 'src/vitest/index.ts'),
    vitest: join(ROOT, 'node_modules/vitest'),
  };
  const config = { root: folder, test: { alias, include: ['*.test.ts'] } };
  const file = join(folder, 'vitest.config.mjs');
  writeFileSync(file, `export default ${JSON.stringify(config)};`);
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--config', pathToFileURL(file).pathname, '--reporter', 'json'];
  const { stdout, exitCode } = await execa(process.execPath, args, {
    cwd: folder,
    reject: false,
    env: { NO_COLOR: '1', VITEST: undefined, VITEST_POOL_ID: undefined, VITEST_WORKER_ID: undefined },
  });
  const tests = JSON.parse(stdout).testResults[0].assertionResults as {
    readonly title: string;
    readonly status: string;
    readonly failureMessages: readonly string[];
  }[];
  return { exitCode, tests };
}

test('the example of the docs passes as it stands', async () => {
  const docs = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8');
  const [, example] = /```ts\n([\s\S]*?)```/.exec(docs)!;
  const { exitCode, tests } = await runVitest('example', example!);
  expect(tests.flatMap(({ failureMessages }) => failureMessages)).toEqual([]);
  expect(tests.map(({ title }) => title)).toEqual([
    'abd is linearizable though the network splits (seed 1)',
    'abd is linearizable though the network splits (seed 2)',
    'abd is linearizable though the network splits (seed 3)',
    'the bug shows, and is explained',
    'a list of events will do',
  ]);
  expect(exitCode).toBe(0);
});

test('a simulation fails with the explanation and the command that repeats it', async () => {
  const { exitCode, tests } = await runVitest(
    'failing',
    `import { simulation } from 'momus/vitest';
simulation.test.each([6])('raft', { system: 'raft', bugs: ['stale-leader-read'], timeLimit: '8s' });
simulation.test.each([1])('no such fault', { system: 'raft', nemeses: ['partitoin'] });`,
  );
  expect(exitCode).toBe(1);
  const [violated, wrong] = tests.map(({ failureMessages }) => failureMessages.join());
  expect(violated).toContain('✗ stale-read - violated within its model');
  expect(violated).toMatch(/replay {2}npx momus test raft --bug stale-leader-read .*--seed 6/);
  expect(wrong).toContain('no nemesis "partitoin" (did you mean "partition"?)');
});
