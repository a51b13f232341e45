import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../histories/temporary.ts';
import { ROOT } from '../source-files.ts';
import { build } from './compiled.ts';

const temporary = temporaryFolder();

beforeAll(build, 120_000);

/** Pushes that are all under way together, some of equal elements: a search has millions of orders to try. */
function crowdedStack(clients: number): string {
  const events = ['invoke', 'ok'].flatMap((type, round) =>
    Array.from({ length: clients }, (_, process) => ({
      time: round * clients + process,
      process,
      type,
      f: 'push',
      value: process % (clients - 4),
    })),
  );
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

test('a check that needs more memory than there is answers unknown, and says who was at work', async () => {
  const file = temporary('stack.jsonl');
  writeFileSync(file, crowdedStack(24));
  const checking = (...flags: readonly string[]) =>
    execa(
      process.execPath,
      [join(ROOT, 'dist/src/cli/main.js'), 'check', file, '--model', 'stack', ...flags],
      { reject: false, env: { NO_COLOR: '1', NODE_OPTIONS: '--max-old-space-size=32' } },
    );
  const { exitCode, stdout } = await checking('--json');
  expect(exitCode).toBe(2);
  const { valid, verdicts } = JSON.parse(stdout);
  expect(valid).toBe('unknown');
  expect(verdicts[0]).toMatchObject({ checker: 'linearizable', valid: 'unknown' });
  expect(verdicts[0].reason).toContain('memory was used up while it judged the 48 events');
});

/** Adds of all sorts of amounts that were never answered: any of them may be in the sum. */
const RUN = [
  ...['test', 'state-machine-replication', '--workload', 'counter:max-amount=1000000,decrements=0.5'],
  ...['--concurrency', '60', '--rate', '500', '--timeout', '300ms', '--nemesis', 'partition', '--seed', '3'],
];

const momus = (megabytes: number, ...args: readonly string[]) =>
  execa(process.execPath, [join(ROOT, 'dist/src/cli/main.js'), ...args, '--store', temporary('store')], {
    reject: false,
    env: { NO_COLOR: '1', NODE_OPTIONS: `--max-old-space-size=${megabytes}` },
  });

test('a run whose check needs more memory than there is is kept, and unknown; the other checkers judge it', async () => {
  const { exitCode, stdout } = await momus(20, ...RUN, '--time-limit', '3s');
  expect(stdout).toMatch(
    /\? linearizable\n +memory was used up while it judged the [\d,]+ events; give node more/,
  );
  expect(stdout).toContain('✓ counter');
  expect(exitCode).toBe(2);
  const [folder] = /\S*runs\S+/.exec(stdout)!;
  const events = readFileSync(join(folder, 'history.jsonl'), 'utf8').trim().split('\n').length;
  expect(stdout).toContain(`the ${events.toLocaleString('en-US')} events`);
  expect(JSON.parse(readFileSync(join(folder, 'verdict.json'), 'utf8')).valid).toBe('unknown');
}, 120_000);

test('a run that needs more memory than there is itself has crashed, and says how far it came', async () => {
  const run = ['raft', '--workload', 'append', '--rate', '3000', '--time-limit', '20s', '--nemesis', 'none'];
  const { exitCode, stderr } = await momus(18, 'test', ...run, '--seed', '1');
  expect(stderr).toMatch(
    /✗ crashed\nmemory was used up after [\d,]+ events, before the run was over; give node more/,
  );
  expect(exitCode).toBe(70);
}, 120_000);
