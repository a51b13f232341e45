import { type CaseState, countOf, type Suite, type SuiteCase } from './suite-case.ts';

/** How JUnit calls what is neither passed nor failed; it knows no `unknown`, which must not look like a pass. */
const ELEMENTS: Readonly<Partial<Record<CaseState, string>>> = {
  failed: 'failure',
  unknown: 'error',
  crashed: 'error',
  refused: 'error',
  stopped: 'skipped',
};

/** A suite as JUnit XML, the dialect that Jenkins, GitLab and others read. */
export function junit(suite: Suite): string {
  const seconds = suite.cases.reduce((sum, one) => sum + one.seconds, 0);
  const errors = countOf(suite, 'unknown') + countOf(suite, 'crashed') + countOf(suite, 'refused');
  const totals = {
    name: suite.name,
    tests: suite.cases.length,
    failures: countOf(suite, 'failed'),
    errors,
    skipped: countOf(suite, 'stopped'),
    time: seconds.toFixed(3),
  };
  const { skipped, ...all } = totals;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ ...all, name: 'momus' })}>`,
    `  <testsuite${attributes(totals)}>`,
    ...suite.cases.map((one) => testcase(suite, one)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testcase({ name }: Suite, { file, state, found, kind, explanation, seconds }: SuiteCase): string {
  const element = ELEMENTS[state];
  const open = `    <testcase${attributes({ name: file, classname: name, file, time: seconds.toFixed(3) })}`;
  if (element === undefined) return `${open}/>`;
  const what = state === 'stopped' ? { message: found } : { message: found, type: kind };
  return `${open}>\n      <${element}${attributes(what)}>${escaped(explanation)}</${element}>\n    </testcase>`;
}

function attributes(given: Readonly<Record<string, string | number>>): string {
  return Object.entries(given)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');
}

/** Text as XML holds it; what no XML 1.0 may hold, not even escaped, is replaced. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
