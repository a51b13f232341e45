import type { RunResult } from '../campaign/run-task.ts';
import type { Outcome } from '../spec/outcome.ts';
import { judgedRun } from './judged-run.ts';
import type { Style } from './style.ts';
import type { SuiteCase } from './suite-case.ts';

/** What a saved test should do by now. */
export type Wanted = 'passes' | 'fails';

/** What came of a saved test, held against what it should do; no result where it never began. */
export function caseOf(file: string, result: RunResult | undefined, wanted: Wanted, style: Style): SuiteCase {
  if (result === undefined || result.state === 'stopped')
    return { file, state: 'stopped', found: 'stopped', explanation: '', seconds: 0 };
  if (result.state === 'crashed') {
    const found = `crashed: ${result.error.split('\n')[0]}`;
    return { file, state: 'crashed', found, explanation: result.error, seconds: 0 };
  }
  const { outcome, proofs, took } = result;
  const seconds = took / 1000;
  if (outcome.valid === 'unknown') {
    const found = `unknown: ${unknowns(outcome)}`;
    return { file, state: 'unknown', found, explanation: judgedRun(outcome, proofs, style), seconds };
  }
  if (outcome.valid === (wanted === 'passes'))
    return {
      file,
      state: 'passed',
      found: outcome.valid ? 'valid' : `still fails: ${kinds(outcome)}`,
      explanation: '',
      seconds,
    };
  if (wanted === 'fails')
    return { file, state: 'failed', found: 'no longer fails', explanation: '', seconds };
  return {
    file,
    state: 'failed',
    found: kinds(outcome),
    explanation: judgedRun(outcome, proofs, style),
    seconds,
  };
}

/** A file that can't be run: `mistake` begins with its place. */
export function refusedCase(file: string, mistake: string): SuiteCase {
  const [first] = mistake.split('\n');
  const place = /^:(\d+):(\d+): /.exec(first!.startsWith(file) ? first!.slice(file.length) : '');
  const where = place === null ? {} : { line: Number(place[1]), column: Number(place[2]) };
  return { file, state: 'refused', found: 'broken spec file', explanation: mistake, seconds: 0, ...where };
}

/** `stale-read, lost`. */
function kinds({ verdicts }: Outcome): string {
  const all = verdicts.flatMap(({ anomalies }) => anomalies.map(({ kind }) => kind));
  return [...new Set(all)].slice(0, 3).join(', ');
}

function unknowns({ verdicts }: Outcome): string {
  return verdicts.flatMap(({ valid, checker }) => (valid === 'unknown' ? [checker] : [])).join(', ');
}
