import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../histories/temporary.ts';
import { momus } from './momus.ts';

const temporary = temporaryFolder();

test('the first event at which two runs part is shown, with what came before and what follows', async () => {
  const store = ['--store', temporary('store')];
  for (const seed of ['1', '2'])
    await momus(
      'test',
      'abd',
      '--nemesis',
      'none',
      '--time-limit',
      '1s',
      '--settle',
      '1s',
      '--seed',
      seed,
      ...store,
    );
  expect(await momus('diff', 'abd-1', 'abd-1', ...store)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^✓ the same [\d,]+ events$/),
  });
  const seeds = await momus('diff', 'abd-1', 'abd-2', ...store);
  expect(seeds).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^seed: 1 and 2\nthey part at event \d/),
  });

  const history = join(temporary('store'), 'runs', 'abd-1', 'history.jsonl');
  const lines = readFileSync(history, 'utf8').split('\n');
  const changed = temporary('changed.jsonl');
  lines[10] = lines[10]!.replace(/"time":\d+/, (time) => `${time}1`);
  writeFileSync(changed, lines.slice(0, 11).join('\n'));
  const { code, out } = await momus('diff', 'abd-1', changed, ...store);
  expect(code).toBe(1);
  expect(out).toContain('they part at event 10, after 10 alike');
  const marks = out.split('\n').flatMap((line) => /^([ +-]) +(\d+) /.exec(line)?.slice(1, 3).join('') ?? []);
  expect(marks).toEqual([' 7', ' 8', ' 9', '-10', '-11', '-12', '+10']);
});

test('a history that is the beginning of another has ended there', async () => {
  const [long, short] = [temporary('long.jsonl'), temporary('short.jsonl')];
  const read = (index: number) =>
    JSON.stringify({ index, time: index, process: index, type: 'invoke', f: 'read', value: null });
  writeFileSync(long, [0, 1, 2].map(read).join('\n'));
  writeFileSync(short, [0, 1].map(read).join('\n'));
  const { code, out } = await momus('diff', long, short);
  expect(code).toBe(1);
  expect(out).toMatch(/they part at event 2, after 2 alike/);
  expect(out).toMatch(/^\+ +has ended$/m);
});
