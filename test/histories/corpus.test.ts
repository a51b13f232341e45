import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { OK } from '../../histories/op.ts';
import { readHistory } from '../../histories/read.ts';

const CORPUS = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));

interface Entry {
  readonly file: string;
  readonly format: string;
}

const entries: readonly Entry[] = existsSync(CORPUS)
  ? readFileSync(`${CORPUS}index.jsonl`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Entry)
  : [];

describe.skipIf(entries.length === 0)('recorded histories of other tools', () => {
  test('all load, with nothing to mend, every completion paired', async () => {
    for (const { file, format } of entries) {
      const read = await readHistory(CORPUS + file);
      expect(read.format, file).toBe(format === 'porcupine-kv' ? 'edn' : format);
      for (const { message } of read.warnings) expect(message, file).toMatch(/have no time/);
      const { history } = read;
      expect(history.length, file).toBeGreaterThan(1);
      for (let i = 0; i < history.length; i++)
        if (history.type[i] === OK) expect(history.pair[i], `${file} event ${i}`).toBeGreaterThanOrEqual(0);
    }
  });

  test('a history reads the same from EDN as from JSON Lines', async () => {
    const twice = entries.filter((e) => e.format === 'jsonl');
    expect(twice.length).toBeGreaterThan(30);
    for (const { file } of twice) {
      const jsonl = await readHistory(CORPUS + file);
      const edn = await readHistory(CORPUS + file.replace('.jsonl', '.edn'));
      expect([...edn.history], file).toEqual([...jsonl.history]);
    }
  });
});
