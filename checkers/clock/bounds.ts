import type { History } from '../../histories/history.ts';
import type { Nanos } from '../../histories/op.ts';
import { describeOp, formatTime } from '../describe.ts';
import type { Findings } from '../findings.ts';
import { groupBy } from '../operations.ts';
import type { Reading } from './readings.ts';

/** Of the readings of one node, those that leave true time the least room. */
interface Extremes {
  readonly node: string;
  readonly earliest: { readonly reading: Reading; readonly limit: Nanos };
  readonly latest: { readonly reading: Reading; readonly limit: Nanos };
}

/**
 * If the history's own clock is right, true time is its time and a constant. A reading `time` ± `error`, taken between
 * `begin` and `end`, says that the constant lies between `time - error - end` and `time + error - begin`. On a line
 * intervals have a point in common if every two of them have: so two readings prove that one of them is wrong.
 */
export function checkBounds(history: History, findings: Findings, readings: readonly Reading[]): void {
  const bounded = readings.filter(({ error }) => error !== null);
  const nodes = [...groupBy(bounded, ({ node }) => node)].map(([node, own]) => extremesOf(node, own));
  nodes.forEach((a, i) => {
    for (const b of nodes.slice(i)) {
      const apart = Math.max(a.latest.limit - b.earliest.limit, b.latest.limit - a.earliest.limit);
      if (apart <= 0) continue;
      const aFast = a.latest.limit - b.earliest.limit === apart;
      report(
        history,
        findings,
        aFast ? [a.latest.reading, b.earliest.reading] : [b.latest.reading, a.earliest.reading],
        apart,
      );
    }
  });
}

/** The constant is no greater than any upper end, and no less than any lower end. */
function extremesOf(node: string, readings: readonly Reading[]): Extremes {
  const ends = readings.map((reading) => ({
    reading,
    upper: reading.time + reading.error! - reading.op.startTime,
    lower: reading.time - reading.error! - reading.op.endTime,
  }));
  const lowest = ends.reduce((a, b) => (b.upper < a.upper ? b : a));
  const highest = ends.reduce((a, b) => (b.lower > a.lower ? b : a));
  return {
    node,
    earliest: { reading: lowest.reading, limit: lowest.upper },
    latest: { reading: highest.reading, limit: highest.lower },
  };
}

function report(
  history: History,
  findings: Findings,
  [fast, slow]: readonly [Reading, Reading],
  apart: Nanos,
): void {
  const told = (reading: Reading) =>
    `${describeOp(history, reading.op.event)}, which is right to ${formatTime(reading.error!)} by its own account`;
  const say = () =>
    `One of these two is wrong: ${told(fast)}, and ${told(slow)}. Compared with the time that passed between them, the ` +
    `first is ahead of the second by at least ${formatTime(apart)} more than both bounds allow.`;
  findings.add('clock-bound', [fast.op.event, slow.op.event], say);
}
