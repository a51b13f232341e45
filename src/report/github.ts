import { counted } from './counts.ts';
import { countOf, isTrouble, type Suite, type SuiteCase } from './suite-case.ts';

/** A workflow command for each thing that went wrong: GitHub shows it beside the file that it names. */
export function annotations({ cases }: Suite): string[] {
  return cases.filter(isTrouble).map(annotation);
}

function annotation({ file, state, found, explanation, line, column }: SuiteCase): string {
  const level = state === 'unknown' ? 'warning' : 'error';
  const place = { file, line: line ?? 1, ...(column === undefined ? {} : { col: column }), title: found };
  const properties = Object.entries(place).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${level} ${properties.join(',')}::${data(explanation === '' ? found : explanation)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** A suite in Markdown, for the summary page of a workflow: a line for each test, and why each failed. */
export function stepSummary(suite: Suite): string {
  const passed = countOf(suite, 'passed');
  const rows = suite.cases.map(
    ({ file, state, found }) =>
      `| ${state === 'passed' ? '✅' : state === 'unknown' ? '❔' : '❌'} | ${cell(file)} | ${cell(found)} |`,
  );
  const why = suite.cases
    .filter((one) => isTrouble(one) && one.explanation !== '')
    .map(
      ({ file, explanation }) =>
        `<details><summary>${html(file)}</summary>\n\n${fenced(explanation)}\n\n</details>`,
    );
  return [
    `### Momus: ${passed} of ${counted(suite.cases.length, 'spec')} in ${html(suite.name)} as they should be`,
    '',
    '| | spec | found |',
    '|---|---|---|',
    ...rows,
    '',
    ...why,
    '',
  ].join('\n');
}

function cell(text: string): string {
  return html(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** A fence that is longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
