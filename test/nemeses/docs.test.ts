import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nemeses } from '../../nemeses/registry.ts';
import { parseNemeses } from '../../src/spec/nemesis-text.ts';
import { formatDefault } from '../../src/world/parameters.ts';
import { formatModel } from '../../src/world/system-model.ts';
import { generatorOf, valuesOf } from './schedule.ts';

const page = readFileSync(new URL('../../docs/nemeses.md', import.meta.url), 'utf8');

/** The cells of the table rows below a heading, or above the first one. */
function rowsUnder(heading: string): string[][] {
  const sections = page.split(/^## /m);
  const section = sections.find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| (.*) \|$/gm)].map(([, cells]) => cells!.split(' | '));
}

test('the page has each nemesis with what it does, needs and uses', () => {
  for (const [name, nemesis] of Object.entries(nemeses)) {
    const values = valuesOf(nemesis);
    const uses =
      name === 'swarm'
        ? 'those of its members'
        : [...nemesis.uses(values)].map((kind) => `\`${kind}\``).join(', ');
    const needs = formatModel(nemesis.permits(values));
    expect(page).toContain(`| [\`${name}\`](#${name}) | ${nemesis.about} | ${needs} | ${uses} |`);
  }
});

test('the page has each parameter with its default and meaning, and no other', () => {
  for (const [name, { parameters }] of Object.entries(nemeses)) {
    const rows = rowsUnder(name);
    const table = rows.slice(rows.findIndex(([head]) => head === 'parameter') + 1);
    const declared = Object.entries(parameters).map(([key, p]) => [
      `\`${key}\``,
      `\`${formatDefault(p)}\``,
      p.about,
    ]);
    expect(table, name).toEqual(declared);
  }
});

test('the page explains each kind of partition, of disk trouble and of lies', () => {
  for (const [name, parameter] of [
    ['partition', 'kinds'],
    ['disk', 'kinds'],
    ['byzantine', 'lies'],
  ] as const) {
    const kinds = nemeses[name]!.parameters[parameter];
    const rows = rowsUnder(name);
    const table = rows
      .slice(
        1,
        rows.findIndex(([head]) => head === 'parameter'),
      )
      .map(([kind]) => kind);
    expect(table, name).toEqual(kinds?.type === 'choices' && kinds.of.map((kind) => `\`${kind}\``));
  }
});

test('each example on the page can be run', () => {
  const examples = [...page.matchAll(/--nemesis (\S+)/g)].map(([, text]) => text!);
  expect(examples.length).toBeGreaterThan(15);
  for (const example of examples)
    for (const { name, parameters } of parseNemeses(example)) generatorOf(name, { given: parameters });
});
