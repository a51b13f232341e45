import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DEFAULT_BUDGET } from '../../../checkers/checker.ts';
import { linearizable } from '../../../checkers/linearizable/linearizable.ts';
import type { ModelName } from '../../../checkers/linearizable/models/named.ts';
import type { HistoryFormat } from '../../../histories/format.ts';
import type { History } from '../../../histories/history.ts';
import { OK } from '../../../histories/op.ts';
import { readHistory } from '../../../histories/read.ts';

interface Entry {
  readonly file: string;
  readonly format: HistoryFormat;
  readonly model: ModelName;
  readonly valid: boolean;
}

const corpus = fileURLToPath(new URL('../../../../shared/corpus/', import.meta.url));
const entries: readonly Entry[] = existsSync(corpus)
  ? readFileSync(`${corpus}index.jsonl`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter((entry) => entry.model !== undefined)
  : [];

/** Some of Knossos's histories begin with 0 in the register, which their first read shows. */
function initialValue({ file, model }: Entry, history: History): unknown {
  if (model === 'multi-register') return 0;
  if (!file.startsWith('knossos/cas-register')) return null;
  const first = history.columns.type.findIndex((type, i) => type === OK && history.fName(i) === 'read');
  return first >= 0 && history.value(first) === 0 ? 0 : null;
}

test.runIf(entries.length > 0)('agrees with the known verdict of every recorded history', async () => {
  const disagreements: string[] = [];
  for (const entry of entries) {
    const { history } = await readHistory(corpus + entry.file, { format: entry.format });
    const checker = linearizable({ model: entry.model, initial: initialValue(entry, history) });
    const { valid } = checker.check(history, { budget: DEFAULT_BUDGET });
    if (valid !== entry.valid) disagreements.push(`${entry.file}: ${valid}, should be ${entry.valid}`);
  }
  expect(disagreements).toEqual([]);
});
