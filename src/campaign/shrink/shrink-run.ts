import type { Verdict } from '../../../checkers/checker.ts';
import type { History } from '../../../histories/history.ts';
import { JsonlDecoder } from '../../../histories/jsonl-decoder.ts';
import { INVOKE } from '../../../histories/op.ts';
import type { Outcome } from '../../spec/outcome.ts';
import type { ScriptedOperation } from '../../spec/script.ts';
import type { RunPool } from '../run-pool.ts';
import type { RunResult } from '../run-task.ts';
import { scriptOf } from '../script-of.ts';
import type { FirstThatShows } from './minimize.ts';
import { type ScriptedSpec, seedsLike, shrink, type Violation } from './shrink.ts';

/** Which violation must not be lost on the way: an anomaly of this kind, told by this checker. */
export interface Failure {
  readonly checker: string;
  readonly kind: string;
}

/** The first anomaly of the first verdict that has one. */
export function failureOf({ verdicts }: Outcome): (Failure & { readonly verdict: Verdict }) | undefined {
  for (const verdict of verdicts) {
    const [first] = verdict.anomalies;
    if (first !== undefined) return { checker: verdict.checker, kind: first.kind, verdict };
  }
  return undefined;
}

/**
 * Simulated events of all runs after which a test is small enough: counted, not timed, so that the answer is the same
 * everywhere.
 */
const MOST_EVENTS = 20_000_000;
/** What a run costs besides its events, as so many of them. */
const EVENTS_OF_A_START = 1_000;

export interface ShrinkRunOptions {
  readonly pool: RunPool;
  readonly onStep?: ((what: string, spec: ScriptedSpec, runs: number) => void) | undefined;
}

/**
 * A smallest test that fails as this run did, and how many runs it took to find it. The run is one of the simulator:
 * where a test's answer is not the same each time, nothing could be learned from leaving something out.
 */
export async function shrinkRun(
  outcome: Outcome,
  history: History,
  { pool, onStep }: ShrinkRunOptions,
): Promise<{ readonly spec: ScriptedSpec; readonly runs: number }> {
  const failure = failureOf(outcome);
  if (failure === undefined) throw new Error('a run in which nothing is wrong has nothing to shrink to');
  const recorded = { ...outcome.spec, script: scriptOf(history, outcome.spec) };
  onStep?.('as recorded', recorded, 0);
  const steady = await steadied(recorded, failure, pool);
  let runs = steady.tried;
  let events = 0;
  const {
    spec,
    verdict,
    history: shown,
  } = steady.found === undefined
    ? { spec: recorded, verdict: failure.verdict, history }
    : { ...steady.found, history: historyOf(steady.found) };
  onStep?.('steady', spec, runs);
  const firstThatFails: FirstThatShows<ScriptedSpec> = async (candidates) => {
    const { found, tried, spent } = await firstFailing(candidates, failure, pool, MOST_EVENTS - events);
    runs += tried;
    events += spent;
    return found === undefined ? -1 : candidates.indexOf(found.spec);
  };
  const small = await shrink(spec, violationOf(verdict, shown, spec.script.operations), {
    firstThatFails,
    onStep: (what, now) => onStep?.(what, now, runs),
  });
  return { spec: small, runs };
}

/** A run that fails as it should, with the verdict that says so. */
interface FailedRun {
  readonly spec: ScriptedSpec;
  readonly verdict: Verdict;
  /** As JSON Lines. */
  readonly history: string;
}

/** What came of some tests, and how many of them had to be run, with how many events. */
interface Found {
  readonly found: FailedRun | undefined;
  readonly tried: number;
  readonly spent: number;
}

/**
 * The same test with chance that nothing shifts, under the first of several seeds with which it fails too, since chance
 * falls differently in each. Of such a test far more can be left out.
 */
function steadied(recorded: ScriptedSpec, failure: Failure, pool: RunPool): Promise<Found> {
  const specs = seedsLike(recorded.seed).map((seed) => {
    return { ...recorded, seed, script: { ...recorded.script, steady: true } };
  });
  return firstFailing(specs, failure, pool);
}

/**
 * The first of these tests that fails, in their order; as many are run at once as there are threads, which makes no
 * difference. None once `most` events were spent.
 */
async function firstFailing(
  specs: readonly ScriptedSpec[],
  failure: Failure,
  pool: RunPool,
  most = Number.POSITIVE_INFINITY,
): Promise<Found> {
  let spent = 0;
  let tried = 0;
  while (tried < specs.length) {
    const some = specs.slice(tried, tried + pool.threads);
    for (const result of await Promise.all(some.map((spec) => performOne(spec, pool)))) {
      if (spent >= most) return { found: undefined, tried, spent };
      spent += EVENTS_OF_A_START + eventsOf(result);
      const found = failing(specs[tried]!, result, failure);
      tried++;
      if (found !== undefined) return { found, tried, spent };
    }
  }
  return { found: undefined, tried, spent };
}

async function performOne(spec: ScriptedSpec, pool: RunPool): Promise<RunResult | undefined> {
  const runs = { seeds: [spec.seed], store: '', keep: 'brought', untilInvalid: false } as const;
  return (await pool.runTogether({ spec, ...runs }))[0];
}

function eventsOf(result: RunResult | undefined): number {
  return result?.state === 'judged' ? (result.outcome.counts.events ?? 0) : 0;
}

/** The run, if it failed by this anomaly, told by this checker. */
function failing(
  spec: ScriptedSpec,
  result: RunResult | undefined,
  { checker, kind }: Failure,
): FailedRun | undefined {
  if (result?.state !== 'judged' || result.history === undefined) return undefined;
  const verdict = result.outcome.verdicts.find((one) => one.checker === checker);
  const anomaly = verdict?.anomalies.find((one) => one.kind === kind);
  if (verdict === undefined || anomaly === undefined) return undefined;
  // The anomaly that is looked for stands first, for the proof is taken from there.
  return { spec, verdict: { ...verdict, anomalies: [anomaly] }, history: result.history };
}

function historyOf({ history }: FailedRun): History {
  const decoder = new JsonlDecoder('a run');
  decoder.push(history);
  return decoder.end().history;
}

/** The scripted operations that prove the anomaly, and when its proof is complete. */
function violationOf(
  { anomalies: [first] }: Verdict,
  history: History,
  operations: readonly ScriptedOperation[],
): Violation {
  const events = first!.ops.flatMap((i) => (history.pair[i]! < 0 ? [i] : [i, history.pair[i]!]));
  const begun = events.filter((i) => history.type[i] === INVOKE);
  return {
    operations: new Set(operations.filter((op) => begun.some((i) => isSame(op, history, i)))),
    complete: Math.max(...events.map((i) => history.time[i]!)),
  };
}

function isSame({ at, f, value, key }: ScriptedOperation, history: History, i: number): boolean {
  const op = history.op(i);
  return op.time === at && op.f === f && op.key === key && JSON.stringify(op.value) === JSON.stringify(value);
}
