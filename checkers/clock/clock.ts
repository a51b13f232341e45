import type { History } from '../../histories/history.ts';
import type { Nanos } from '../../histories/op.ts';
import type { Checker, Verdict } from '../checker.ts';
import { describeOp, formatTime } from '../describe.ts';
import { Findings } from '../findings.ts';
import { malformed } from '../malformed.ts';
import { type Operation, operationsOf } from '../operations.ts';
import { checkBounds } from './bounds.ts';
import { readingsOf } from './readings.ts';
import { checkSteps } from './steps.ts';

/** How clocks are allowed to behave. */
export interface ClockRules {
  /** How much faster or slower than true time a clock may go while it is not stepped, parts in a million. */
  readonly ratePpm: number;
  /** How much faster or slower elapsed time may be measured. */
  readonly driftPpm: number;
  /** The least offset that may be stepped away, ns. */
  readonly step: Nanos;
}

/** Oscillators of 200 ppm, slewed by 500 ppm, stepped from 125 ms on. */
export const NTP_RULES: ClockRules = { ratePpm: 700, driftPpm: 200, step: 125_000_000 };

/**
 * Physical clocks, held against the times in the history, which are taken for true. Operations: `read` (completion value:
 * `{ time, error, life, steps }`, the clock's time, how far from true time it may be or null, which life of its process,
 * and how often the clock was stepped in that life), `elapsed` (value: for how long to wait; completion value: how long
 * that took, by the node). All in ns.
 *
 * *clock-bound*: two readings whose errors can't both be within their bounds. *clock-jump*: a clock that was not stepped
 * went back, or too fast, or too slow. *needless-step*: a clock was stepped by less than `step`. *elapsed-time*: a node
 * measured less than it waited, or more than the operation took.
 */
export function clock(rules: ClockRules = NTP_RULES): Checker {
  return {
    name: 'clock',
    about:
      'physical clocks: within the bounds that they state, never back unless stepped, elapsed times right',
    check: (history) => checkClock(history, rules),
  };
}

function checkClock(history: History, rules: ClockRules): Verdict {
  const findings = new Findings(history);
  const operations = operationsOf(history);
  const readings = readingsOf(history, operations);
  checkBounds(history, findings, readings);
  checkSteps(history, findings, readings, rules);
  const measured = operations.filter(({ f, outcome }) => f === 'elapsed' && outcome === 'ok');
  for (const op of measured) checkElapsed(history, findings, op, rules);

  const bounded = readings.filter(({ error }) => error !== null);
  const counts = { readings: readings.length, bounded: bounded.length, measured: measured.length };
  const clocks = new Set(bounded.map(({ node }) => node)).size;
  const vacuous = clocks < 2 ? ['fewer than two clocks ever stated a bound'] : [];
  return findings.verdict('clock', { counts, vacuous });
}

function checkElapsed(history: History, findings: Findings, op: Operation, { driftPpm }: ClockRules): void {
  const { argument: waited, result: elapsed } = op;
  if (typeof elapsed !== 'number' || typeof waited !== 'number')
    throw malformed(history, op.event, 'a number of nanoseconds');
  const most = (op.endTime - op.startTime) * (1 + driftPpm / 1e6);
  if (elapsed >= waited * (1 - driftPpm / 1e6) && elapsed <= most) return;
  const say = () => {
    const why =
      elapsed > most ? 'but the whole operation took less' : `but it had waited for ${formatTime(waited)}`;
    return `${describeOp(history, op.event)} measured ${formatTime(elapsed)}, ${why}.`;
  };
  findings.add('elapsed-time', [op.event], say);
}
