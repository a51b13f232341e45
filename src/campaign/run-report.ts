import { doubtsOf } from '../spec/outcome.ts';
import type { Chunk, RunLine, RunReport } from './chunk.ts';
import type { JudgedRun, RunResult } from './run-task.ts';

/** Of which test a run is. */
type Which = Pick<Chunk, 'cell' | 'trial'>;

/** What a campaign wants to know of a run that is over; nothing of one that was stopped. */
export function reportsOf(chunk: Which, results: readonly RunResult[]): RunReport[] {
  return results.flatMap((result) => {
    if (result.state === 'stopped') return [];
    if (result.state === 'judged') return [judged(chunk, result)];
    const { seed, error } = result;
    return [{ line: crashLine(chunk, seed, error), took: 0 }];
  });
}

/** The line of a run that has no verdict. */
export function crashLine({ cell, trial }: Which, seed: RunLine['seed'], error: string): RunLine {
  const kinds = [error.split('\n')[0]!];
  return { cell, seed, trial, valid: 'crashed', operations: 0, faults: 0, events: 0, nanos: 0, kinds };
}

function judged({ cell, trial }: Which, { seed, outcome, history, took, seen }: JudgedRun): RunReport {
  const { valid, fingerprint, counts } = outcome;
  const doubts = valid === true ? doubtsOf(outcome) : [];
  const line: RunLine = {
    cell,
    seed,
    trial,
    valid,
    fingerprint,
    operations: counts.operations ?? 0,
    faults: counts.faults ?? 0,
    events: counts.events ?? 0,
    nanos: counts.nanos ?? 0,
    ...(valid === true ? {} : { kinds: whatFailed(outcome) }),
    ...(doubts.length === 0 ? {} : { doubts }),
    ...(seen === undefined ? {} : { seen }),
  };
  return { line, took, ...(history === undefined ? {} : { whole: { outcome, history } }) };
}

/** The first anomaly of each verdict, or what the unknown ones say. */
function whatFailed({ valid, verdicts }: JudgedRun['outcome']): string[] {
  const kinds =
    valid === false
      ? verdicts.flatMap(({ anomalies: [first] }) => (first === undefined ? [] : [first.kind]))
      : verdicts.flatMap(({ valid: one, checker }) => (one === 'unknown' ? [`unknown: ${checker}`] : []));
  return [...new Set(kinds)];
}
