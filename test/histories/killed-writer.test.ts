import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readHistory } from '../../histories/read.ts';
import { temporaryFolder } from './temporary.ts';

const path = temporaryFolder();
const WRITER = fileURLToPath(new URL('endless-writer.ts', import.meta.url));

/** Lets a process write to `file`, kills it once it has said that 5,000 events are flushed; answers the last it said. */
async function killedWhileWriting(file: string): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    said += String(text);
    if (said.includes('\n5000\n')) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  return Number(said.split('\n').at(-2));
}

test.each(['killed.jsonl', 'killed.jsonl.gz'])(
  'a process killed while it writes %s loses nothing that it had flushed',
  async (name) => {
    const flushed = await killedWhileWriting(path(name));
    const { history, warnings } = await readHistory(path(name));
    expect(history.length).toBeGreaterThanOrEqual(flushed);
    for (let i = 0; i < history.length; i++) expect(history.value(i)).toBe(`value ${i}`);
    expect(warnings.length).toBeLessThanOrEqual(2);
    for (const warning of warnings) expect(warning.message).toMatch(/torn|ends early/);
  },
);
