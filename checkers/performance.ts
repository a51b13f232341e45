import type { History } from '../histories/history.ts';
import { INFO, INVOKE, type Nanos, NEMESIS, OP_TYPES } from '../histories/op.ts';
import type { Checker, Verdict } from './checker.ts';
import { faultsOf } from './fault-spans.ts';
import { type Phase, phaseAt, phasesOf } from './phases.ts';
import { type Quantiles, quantiles } from './quantiles.ts';
import { type Recovery, recoveriesOf } from './recovery.ts';

type Outcome = 'ok' | 'fail' | 'info';

const OUTCOMES: readonly Outcome[] = ['ok', 'fail', 'info'];

/** What `performance` measures, as its verdict's `details`. Times and latencies in nanoseconds, rates per second. */
export interface Performance {
  /** From the first event to the last. */
  readonly duration: Nanos;
  /** By function and outcome; an operation that was never answered has no latency. */
  readonly latency: Readonly<Record<string, Readonly<Record<Outcome, Quantiles | null>>>>;
  /** Operations a second, by function and outcome. */
  readonly rate: Readonly<Record<string, Readonly<Record<Outcome, number>>>>;
  readonly timeline: Timeline;
  /** By the faults at work when operations began, in the order in which such a time first came. */
  readonly phases: readonly PhaseSummary[];
  readonly recoveries: readonly Recovery[];
}

/** Operations by the interval in which they began. */
export interface Timeline {
  readonly begin: Nanos;
  /** Width of an interval: a second, or more where a run is so long that there would be more than 10,000. */
  readonly width: Nanos;
  readonly ok: readonly number[];
  readonly fail: readonly number[];
  readonly info: readonly number[];
}

export interface PhaseSummary {
  /** Kinds of faults at work; empty when all was well. */
  readonly faults: readonly string[];
  /** How long that lasted, all stretches together. */
  readonly time: Nanos;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  /** The share of operations that succeeded, null when there were none. A definite no counts against it as well. */
  readonly availability: number | null;
  /** Of those that succeeded. */
  readonly latency: Quantiles | null;
}

/**
 * How fast and how available the system was. Always valid: what is too slow is for people to say. An operation counts
 * where it began, as `info` when it was never answered.
 */
export function performance(): Checker {
  return {
    name: 'performance',
    about: 'latencies, rates, availability by second and by fault, and time to recover; always valid',
    check: checkPerformance,
  };
}

function checkPerformance(history: History): Verdict {
  const { begin, end } = extent(history);
  const { spans } = faultsOf(history);
  const phases = phasesOf(spans, begin, end);
  const details = {
    duration: end - begin,
    ...byFunction(history, end - begin),
    timeline: timelineOf(history, begin, end),
    phases: summaries(history, phases),
    recoveries: recoveriesOf(history, phases),
  } satisfies Performance;
  const counts: Record<string, number> = { ok: 0, fail: 0, info: 0, faults: spans.length };
  for (const phase of details.phases) for (const outcome of OUTCOMES) counts[outcome]! += phase[outcome];
  return { checker: 'performance', valid: true, anomalies: [], counts, vacuous: [], details: { ...details } };
}

function extent(history: History): { begin: Nanos; end: Nanos } {
  if (history.length === 0) return { begin: 0, end: 0 };
  let begin = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const t of history.time) {
    if (t < begin) begin = t;
    if (t > end) end = t;
  }
  return { begin, end };
}

/** Calls `visit` with each invocation of a client, its outcome, and its completion's index or -1. */
function eachOperation(
  history: History,
  visit: (begin: number, outcome: Outcome, end: number) => void,
): void {
  const { process, type, pair } = history.columns;
  for (let i = 0; i < history.length; i++) {
    if (type[i] !== INVOKE || process[i] === NEMESIS) continue;
    const end = pair[i]!;
    visit(i, OP_TYPES[end < 0 ? INFO : type[end]!] as Outcome, end);
  }
}

function byFunction(history: History, duration: Nanos): Pick<Performance, 'latency' | 'rate'> {
  const latencies = new Map<string, Record<Outcome, number[]>>();
  const totals = new Map<string, Record<Outcome, number>>();
  eachOperation(history, (begin, outcome, end) => {
    const f = history.fName(begin);
    let total = totals.get(f);
    if (total === undefined) {
      totals.set(f, (total = { ok: 0, fail: 0, info: 0 }));
      latencies.set(f, { ok: [], fail: [], info: [] });
    }
    total[outcome]++;
    if (end >= 0) latencies.get(f)![outcome].push(history.time[end]! - history.time[begin]!);
  });
  const perSecond = (n: number): number => (duration > 0 ? (n * 1e9) / duration : 0);
  return {
    latency: mapEntries(latencies, (of) => mapOutcomes((outcome) => quantiles(of[outcome]))),
    rate: mapEntries(totals, (of) => mapOutcomes((outcome) => perSecond(of[outcome]))),
  };
}

function mapOutcomes<T>(of: (outcome: Outcome) => T): Record<Outcome, T> {
  return { ok: of('ok'), fail: of('fail'), info: of('info') };
}

function mapEntries<V, W>(map: ReadonlyMap<string, V>, of: (value: V) => W): Record<string, W> {
  return Object.fromEntries([...map].map(([name, value]) => [name, of(value)]));
}

const SECOND = 1_000_000_000;
const MOST_INTERVALS = 10_000;

function timelineOf(history: History, begin: Nanos, end: Nanos): Timeline {
  const width = SECOND * Math.max(1, Math.ceil((end - begin + 1) / SECOND / MOST_INTERVALS));
  const intervals = history.length === 0 ? 0 : Math.floor((end - begin) / width) + 1;
  const columns = mapOutcomes(() => new Array<number>(intervals).fill(0));
  eachOperation(history, (i, outcome) => {
    columns[outcome][Math.floor((history.time[i]! - begin) / width)]!++;
  });
  return { begin, width, ...columns };
}

function summaries(history: History, phases: readonly Phase[]): PhaseSummary[] {
  const groups = new Map<string, Record<Outcome, number> & { latencies: number[]; time: Nanos }>();
  const groupOfPhase = phases.map(({ faults, begin, end }) => {
    const label = JSON.stringify(faults);
    const group = groups.get(label) ?? { ok: 0, fail: 0, info: 0, latencies: [], time: 0 };
    groups.set(label, group);
    group.time += end - begin;
    return group;
  });
  eachOperation(history, (begin, outcome, end) => {
    const group = groupOfPhase[phaseAt(phases, history.time[begin]!)]!;
    group[outcome]++;
    if (outcome === 'ok') group.latencies.push(history.time[end]! - history.time[begin]!);
  });
  return [...groups].map(([label, { ok, fail, info, latencies, time }]) => {
    const all = ok + fail + info;
    const availability = all === 0 ? null : ok / all;
    return {
      faults: JSON.parse(label) as string[],
      time,
      ok,
      fail,
      info,
      availability,
      latency: quantiles(latencies),
    };
  });
}
