import type { History } from '../../histories/history.ts';
import type { Nanos } from '../../histories/op.ts';
import { describeOp, formatTime } from '../describe.ts';
import type { Findings } from '../findings.ts';
import { groupBy } from '../operations.ts';
import type { ClockRules } from './clock.ts';
import type { Reading } from './readings.ts';

/**
 * Two readings of one clock, in one life: but for steps it goes on at about the rate of true time, and it is stepped only
 * by so much as is too much to be slewed away. A reading is taken somewhere between the beginning and the end of its
 * operation, so what it jumped by is known within limits: only what is wrong at both of them is wrong.
 */
export function checkSteps(
  history: History,
  findings: Findings,
  readings: readonly Reading[],
  rules: ClockRules,
): void {
  for (const own of groupBy(readings, ({ node, life }) => JSON.stringify([node, life])).values()) {
    let before: Reading | null = null;
    const byEnd = own.slice().sort((a, b) => a.op.end - b.op.end);
    let ended = 0;
    for (const reading of own) {
      for (; byEnd[ended]!.op.end < reading.op.begin; ended++) before = byEnd[ended]!;
      if (before !== null) checkPair(history, findings, before, reading, rules);
    }
  }
}

function checkPair(
  history: History,
  findings: Findings,
  a: Reading,
  b: Reading,
  { ratePpm, step }: ClockRules,
): void {
  const advance = b.time - a.time;
  const least = advance - (b.op.endTime - a.op.startTime) * (1 + ratePpm / 1e6);
  const most = advance - (b.op.startTime - a.op.endTime) * (1 - ratePpm / 1e6);
  const events = [a.op.event, b.op.event];
  if (b.steps === a.steps) {
    if (least <= 0 && most >= 0) return;
    const say = () =>
      `${a.node}'s clock ${advance < 0 ? 'went back' : 'jumped'}: ${both(history, a, b)}. ` +
      `It was not stepped in between, and yet it is ${howFar(least, most)} than it should be by then.`;
    findings.add('clock-jump', events, say);
  } else if (b.steps === a.steps + 1 && Math.max(Math.abs(least), Math.abs(most)) < step) {
    const say = () =>
      `${a.node}'s clock was stepped by an offset that should have been slewed away, as it was below ` +
      `${formatTime(step)}: ${both(history, a, b)}. It is ${howFar(least, most)} than without the step.`;
    findings.add('needless-step', events, say);
  }
}

function both(history: History, a: Reading, b: Reading): string {
  return `${describeOp(history, a.op.event)}, and then ${describeOp(history, b.op.event)}`;
}

function howFar(least: Nanos, most: Nanos): string {
  if (least > 0) return `at least ${formatTime(Math.round(least))} later`;
  if (most < 0) return `at least ${formatTime(Math.round(-most))} earlier`;
  return `no more than ${formatTime(Math.round(Math.max(-least, most)))} earlier or later`;
}
