import { counted } from './counts.ts';
import type { Style } from './style.ts';
import { type CaseState, countOf, type Suite, type SuiteCase } from './suite-case.ts';

const MARKS: Readonly<Record<CaseState, string>> = {
  passed: '✓',
  failed: '✗',
  unknown: '?',
  crashed: '✗',
  refused: '✗',
  stopped: '-',
};

/** A case in a line; the files of a suite align when they are given the same `column`. */
export function caseLine({ file, state, found }: SuiteCase, column: number, { paint }: Style): string {
  const colour = state === 'passed' ? paint.green : state === 'unknown' ? paint.yellow : paint.red;
  const what = state === 'passed' ? paint.dim(found) : found;
  return `${colour(MARKS[state])} ${file.padEnd(column)}  ${what}`;
}

/** `12 specs: 1 failed, 1 unknown, 10 passed`. */
export function suiteTotals(suite: Suite, { paint }: Style): string {
  const part = (state: CaseState, colour: (text: string) => string): string[] => {
    const n = countOf(suite, state);
    return n === 0 ? [] : [colour(`${MARKS[state]} ${n} ${state}`)];
  };
  const parts = [
    ...part('failed', paint.red.bold),
    ...part('crashed', paint.red.bold),
    ...part('refused', paint.red.bold),
    ...part('unknown', paint.yellow),
    ...part('stopped', paint.yellow),
    ...part('passed', paint.green),
  ];
  return `${counted(suite.cases.length, 'spec')}: ${parts.join(', ')}`;
}
