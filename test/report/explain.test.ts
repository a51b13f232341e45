import { Chalk } from 'chalk';
import { expect, test } from 'vitest';
import { registry } from '../../src/campaign/registry.ts';
import { explanationText } from '../../src/report/explain/terminal.ts';
import { topicsOf } from '../../src/report/explain/topics.ts';

const STYLE = { paint: new Chalk({ level: 0 }), width: 100 };
const TOPICS = topicsOf(registry);

function textOf(name: string): string {
  return (TOPICS.get(name) ?? []).map((explain) => explanationText(explain(), STYLE, 'momus')).join('\n\n');
}

test('every system, bug, model and anomaly can be explained, within the width of the terminal', () => {
  const names = Object.values(registry.systems).flatMap(({ name, bugs }) => [name, ...Object.keys(bugs)]);
  expect(names.filter((name) => !TOPICS.has(name))).toEqual([]);
  for (const name of TOPICS.keys()) {
    for (const line of textOf(name).split('\n')) {
      // A command is never broken, nor is a part of one: it would no longer be one.
      if (!line.includes('momus ') && line.trim().includes(' '))
        expect(line.length, `${name}: ${line}`).toBeLessThanOrEqual(STYLE.width);
    }
  }
});

test('a system says how it works, what it assumes and promises, and how it can be broken', () => {
  const text = textOf('raft');
  expect(text).toContain('raft (system, lecture: consensus)');
  expect(text).toContain('nodes crash-recovery');
  expect(text).toMatch(/linearizable +every operation takes effect at one instant/);
  expect(text).toMatch(/vote-not-persisted +term and vote live in memory only/);
  expect(text).toContain('momus test raft --runs 20');
});

test('a name that stands for several things explains them all', () => {
  const text = textOf('causal');
  expect(text).toContain('causal (consistency model of single operations)');
  expect(text).toContain('causal (consistency model of transactions)');
  expect(text).toContain('causal (guarantee)');
});

test('an anomaly says which models fall with it, and may go by a common name', () => {
  expect(textOf('write-skew')).toBe(textOf('G2-item'));
  expect(textOf('G2-item')).toMatch(/these models, and all that are stronger\n +serializable/);
});

test('every system of the catalogue says how it works and what it follows', () => {
  const silent = Object.values(registry.systems).filter(
    ({ how, sources }) => how.length === 0 || sources.length === 0,
  );
  expect(silent.map(({ name }) => name)).toEqual([]);
});
