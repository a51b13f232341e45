import type { RunResult } from '../campaign/run-task.ts';
import { anomalyKinds, type Outcome } from '../spec/outcome.ts';
import { judgedRun } from './judged-run.ts';
import type { Style } from './style.ts';
import type { SuiteCase } from './suite-case.ts';

/** What a saved test should do by now: pass, or fail still, by an anomaly of one of these kinds where they are known. */
export type Wanted =
  | { readonly passes: true }
  | { readonly passes: false; readonly by: readonly string[] | undefined };

/** What is wrong with a test that should fail and passes. */
export const NO_LONGER_FAILS = 'no-longer-fails';

/** Kinds that a line has room for. */
const MOST_KINDS = 3;

/** What came of a saved test, held against what it should do; no result where it never began. */
export function caseOf(file: string, result: RunResult | undefined, wanted: Wanted, style: Style): SuiteCase {
  if (result === undefined || result.state === 'stopped')
    return { file, state: 'stopped', found: 'stopped', kind: '', explanation: '', seconds: 0 };
  if (result.state === 'crashed') {
    const found = `crashed: ${result.error.split('\n')[0]}`;
    return { file, state: 'crashed', found, kind: 'crash', explanation: result.error, seconds: 0 };
  }
  const { outcome, proofs, took } = result;
  const seconds = took / 1000;
  if (outcome.valid === 'unknown') {
    const found = `unknown: ${unknowns(outcome)}`;
    return {
      file,
      state: 'unknown',
      found,
      kind: 'unknown',
      explanation: judgedRun(outcome, proofs, style),
      seconds,
    };
  }
  const all = anomalyKinds(outcome);
  const some = all.slice(0, MOST_KINDS).join(', ');
  const good = (found: string): SuiteCase => {
    return { file, state: 'passed', found, kind: '', explanation: '', seconds };
  };
  if (outcome.valid) {
    if (wanted.passes) return good('valid');
    const found = 'no longer fails';
    return { file, state: 'failed', found, kind: NO_LONGER_FAILS, explanation: '', seconds };
  }
  const [kind = 'invalid'] = all;
  const explanation = judgedRun(outcome, proofs, style);
  if (wanted.passes) return { file, state: 'failed', found: some, kind, explanation, seconds };
  const { by } = wanted;
  if (by === undefined || by.some((known) => all.includes(known))) return good(`still fails: ${some}`);
  const found = `fails otherwise: ${some} instead of ${by.slice(0, MOST_KINDS).join(', ')}`;
  return { file, state: 'failed', found, kind, explanation, seconds };
}

/** A file that can't be run: `mistake` begins with its place. */
export function refusedCase(file: string, mistake: string): SuiteCase {
  const [first] = mistake.split('\n');
  const place = /^:(\d+):(\d+): /.exec(first!.startsWith(file) ? first!.slice(file.length) : '');
  const where = place === null ? {} : { line: Number(place[1]), column: Number(place[2]) };
  return {
    file,
    state: 'refused',
    found: 'broken spec file',
    kind: 'broken-spec',
    explanation: mistake,
    seconds: 0,
    ...where,
  };
}

function unknowns({ verdicts }: Outcome): string {
  return verdicts.flatMap(({ valid, checker }) => (valid === 'unknown' ? [checker] : [])).join(', ');
}
