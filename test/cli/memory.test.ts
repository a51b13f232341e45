import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../histories/temporary.ts';
import { ROOT } from '../source-files.ts';
import { build } from './compiled.ts';

const temporary = temporaryFolder();

beforeAll(build, 120_000);

/** Enqueues that are all under way together, some of equal elements: a search has millions of orders to try. */
function crowdedQueue(clients: number): string {
  const events = ['invoke', 'ok'].flatMap((type, round) =>
    Array.from({ length: clients }, (_, process) => ({
      time: round * clients + process,
      process,
      type,
      f: 'enqueue',
      value: process % (clients - 4),
    })),
  );
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

test('a check that needs more memory than there is answers unknown, and says who was at work', async () => {
  const file = temporary('queue.jsonl');
  writeFileSync(file, crowdedQueue(24));
  const checking = (...flags: readonly string[]) =>
    execa(
      process.execPath,
      [join(ROOT, 'dist/src/cli/main.js'), 'check', file, '--model', 'queue', ...flags],
      { reject: false, env: { NO_COLOR: '1', NODE_OPTIONS: '--max-old-space-size=32' } },
    );
  const { exitCode, stdout } = await checking('--json');
  expect(exitCode).toBe(2);
  const { valid, verdicts } = JSON.parse(stdout);
  expect(valid).toBe('unknown');
  expect(verdicts[0]).toMatchObject({ checker: 'linearizable', valid: 'unknown' });
  expect(verdicts[0].reason).toContain('memory was used up while it judged the 48 events');
});
