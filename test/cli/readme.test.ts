import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../histories/temporary.ts';
import { ROOT } from '../source-files.ts';
import { momus } from './momus.ts';

const temporary = temporaryFolder();

/** What the README says that a command prints. */
function shown(command: string): string[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const begin = readme.indexOf(`$ ${command}\n`);
  expect(begin).toBeGreaterThan(0);
  const lines = readme.slice(begin, readme.indexOf('```', begin)).split('\n').slice(1);
  return lines.filter((line) => line !== '' && line !== '...');
}

test('a bug found, and its replay, print what the README shows', async () => {
  const find = 'momus test raft --bug stale-leader-read --seed 1';
  const replay = 'momus replay raft-stale-leader-read-1';
  for (const command of [find, replay]) {
    const store = temporary('store');
    const { out } = await momus(...command.split(' ').slice(1), '--store', store);
    const printed = out.replaceAll(` --store ${store}`, '').replaceAll(store, '.momus').split('\n');
    for (const line of shown(command)) expect(printed).toContain(line);
  }
});

test('a shrunk test prints what the README shows, on any number of cores', async () => {
  const store = temporary('shrunk');
  await momus('test', 'raft', '--bug', 'stale-leader-read', '--seed', '1', '--store', store);
  const to = temporary('small.yaml');
  const { out } = await momus('shrink', 'raft-stale-leader-read-1', '--store', store, '--to', to);
  const printed = out.split('\n').map((line) => line.trimEnd());
  for (const line of shown('momus shrink raft-stale-leader-read-1')) expect(printed).toContain(line);
});
