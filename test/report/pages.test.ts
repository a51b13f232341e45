import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workloadsPage } from '../../catalogue/workloads-page.ts';
import { registry } from '../../src/campaign/registry.ts';
import { explanationPage } from '../../src/report/explain/markdown.ts';
import { explainSystem } from '../../src/report/explain/system.ts';
import { worldsOf } from '../../src/world/system.ts';
import { ROOT } from '../source-files.ts';

const SIMULATED = Object.values(registry.systems).filter((system) => worldsOf(system).includes('sim'));

test('the page of every simulated system says what its data say; npm run pages writes it anew', () => {
  const old = SIMULATED.filter((system) => {
    const page = readFileSync(join(ROOT, `docs/systems/${system.name}.md`), 'utf8');
    return !page.startsWith(explanationPage(explainSystem(system)));
  });
  expect(old.map(({ name }) => name)).toEqual([]);
});

test('the list of systems names each', () => {
  const list = readFileSync(join(ROOT, 'docs/systems/README.md'), 'utf8');
  expect(SIMULATED.filter(({ name }) => !list.includes(`](${name}.md)`))).toEqual([]);
});

test('the page of the workloads says what their data say; npm run pages writes it anew', () => {
  expect(readFileSync(join(ROOT, 'docs/workloads.md'), 'utf8')).toBe(workloadsPage());
  for (const name of Object.keys(registry.workloads)) expect(workloadsPage()).toContain(`| \`${name}\` |`);
});
