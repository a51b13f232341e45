import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { registryWith } from '../../src/campaign/load-system.ts';
import { runSpec } from '../../src/campaign/run-spec.ts';
import { parseNemeses } from '../../src/spec/nemesis-text.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import { temporaryFolder } from '../histories/temporary.ts';
import { ROOT } from '../source-files.ts';

const temporary = temporaryFolder();

/** The programs of docs/your-algorithm.md, as users have them: the first draft and the right one. */
const [DRAFT, RIGHT] = [
  ...readFileSync(join(ROOT, 'docs/your-algorithm.md'), 'utf8').matchAll(/```ts\n(.*?)```/gs),
].map(([, code]) => code!) as [string, string];

async function verdict(code: string, nemeses: string, seed: number, timeLimit: number) {
  // A file that was imported once is not read again.
  const system = temporary(code === DRAFT ? 'draft.ts' : 'right.ts');
  const momus = JSON.stringify(pathToFileURL(join(ROOT, 'src/index.ts')).href);
  writeFileSync(system, code.replace("'momus'", momus));
  const spec = { system, nemeses: parseNemeses(nemeses), seed, timeLimit };
  const { outcome } = await runSpec(resolveSpec(spec, await registryWith(system)));
  return {
    valid: outcome.valid,
    found: outcome.verdicts.flatMap(({ anomalies }) => anomalies.map(({ kind }) => kind)),
  };
}

test("the page's first draft is found out", async () => {
  const { valid, found } = await verdict(DRAFT, 'partition', 1, 30e9);
  expect(valid).toBe(false);
  expect(found).toContain('stale-read');
});

test("the page's right program passes", async () => {
  for (let seed = 1; seed <= 10; seed++)
    expect(await verdict(RIGHT, 'swarm', seed, 5e9)).toEqual({ valid: true, found: [] });
});
