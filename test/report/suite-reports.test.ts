import { expect, test } from 'vitest';
import { annotations, stepSummary } from '../../src/report/github.ts';
import { junit } from '../../src/report/junit.ts';
import { sarif } from '../../src/report/sarif.ts';
import type { Suite } from '../../src/report/suite-case.ts';
import { parseXml } from './xml.ts';

const WHY = 'read("x") = 1 & <never> 100% of\nthe time: a, b \u0007 | ``` end';

const suite: Suite = {
  name: 'regressions',
  cases: [
    { file: 'regressions/a.yaml', state: 'passed', found: 'valid', kind: '', explanation: '', seconds: 0.25 },
    {
      file: 'regressions/b c.yaml',
      state: 'failed',
      found: 'stale-read, lost',
      kind: 'stale-read',
      explanation: WHY,
      seconds: 1.5,
    },
    {
      file: 'regressions/d.yaml',
      state: 'unknown',
      found: 'unknown: linearizable',
      kind: 'unknown',
      explanation: 'no steps left',
      seconds: 2,
    },
    {
      file: 'regressions/e.yaml',
      state: 'refused',
      found: 'broken spec file',
      kind: 'broken-spec',
      explanation: 'regressions/e.yaml:3:11: no',
      seconds: 0,
      line: 3,
      column: 11,
    },
    { file: 'regressions/f.yaml', state: 'stopped', found: 'stopped', kind: '', explanation: '', seconds: 0 },
  ],
};

test('JUnit XML has each case with what was found, whatever characters that has', () => {
  const all = parseXml(junit(suite));
  expect(all.name).toBe('testsuites');
  const [one] = all.children;
  expect(one!.attributes).toEqual({
    name: 'regressions',
    tests: '5',
    failures: '1',
    errors: '2',
    skipped: '1',
    time: '3.750',
  });
  const [passed, failed, unknown, refused, stopped] = one!.children;
  expect(passed).toMatchObject({ attributes: { name: 'regressions/a.yaml', time: '0.250' }, children: [] });
  const [failure] = failed!.children;
  expect(failure).toMatchObject({
    name: 'failure',
    attributes: { message: 'stale-read, lost', type: 'stale-read' },
  });
  expect(failure!.text).toBe(WHY.replace('\u0007', '\uFFFD'));
  expect([unknown, refused, stopped].map((element) => element!.children[0]!.name)).toEqual([
    'error',
    'error',
    'skipped',
  ]);
});

test('SARIF names a rule, a place and a fingerprint for each thing that went wrong', () => {
  const log = JSON.parse(sarif(suite, '1.2.3'));
  expect(log.version).toBe('2.1.0');
  const [{ tool, results }] = log.runs;
  expect(tool.driver).toMatchObject({ name: 'Momus', semanticVersion: '1.2.3' });
  expect(results.map(({ level }: { level: string }) => level)).toEqual(['error', 'warning', 'error']);
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
  expect(results[0].message.text).toBe(WHY);
  expect(results[0].locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: 'regressions/b%20c.yaml' },
    region: { startLine: 1 },
  });
  expect(results[2].locations[0].physicalLocation.region).toEqual({ startLine: 3, startColumn: 11 });
});

test('an annotation for GitHub is one line, and reads back as what was found', () => {
  const lines = annotations(suite);
  expect(lines).toHaveLength(3);
  const [, level, properties, message] = /^::(\w+) (.*?)::(.*)$/.exec(lines[0]!)!;
  expect(level).toBe('error');
  const read = (text: string) => decodeURIComponent(text);
  const pairs = properties!.split(',').map((pair) => pair.split('=').map(read));
  expect(Object.fromEntries(pairs)).toEqual({
    file: 'regressions/b c.yaml',
    line: '1',
    title: 'stale-read, lost',
  });
  expect(read(message!)).toBe(WHY);
  expect(lines[1]).toMatch(/^::warning /);
  expect(lines[2]).toMatch(/line=3,col=11,/);
});

test('the summary of a workflow has a row for each case, and a fence that the explanation cannot end', () => {
  const summary = stepSummary(suite);
  expect(summary).toContain('1 of 5 specs in regressions as they should be');
  expect(summary.split('\n').filter((line) => /^\| (✅|❌|❔) \|/.test(line))).toHaveLength(5);
  expect(summary).toContain(`\n\`\`\`\`text\n${WHY}\n\`\`\`\`\n`);
});
