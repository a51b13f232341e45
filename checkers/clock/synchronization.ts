import type { History } from '../../histories/history.ts';
import type { Checker, Verdict } from '../checker.ts';
import { type Deadline, livenessVerdict } from '../deadline.ts';
import { describeOp, formatTime } from '../describe.ts';
import { healingOf, placeOf } from '../final-reads.ts';
import { Findings } from '../findings.ts';
import { operationsOf } from '../operations.ts';
import { readingsOf } from './readings.ts';

/**
 * Synchronization: once every fault is over and the bound has passed, a clock that is read knows how far from true time it may
 * be. *unsynchronized*: it does not. Operations: as for `clock`.
 */
export function synchronization(deadline: Deadline): Checker {
  return {
    name: 'synchronization',
    about: 'clocks know how wrong they may be, long enough after the last fault',
    check: (history) => livenessVerdict(history, 'synchronization', deadline, checkClocks(history, deadline)),
  };
}

function checkClocks(history: History, { within }: Deadline): Verdict {
  const findings = new Findings(history);
  const healing = healingOf(history);
  const over = healing.time ?? 0;
  const due = readingsOf(history, operationsOf(history)).filter(
    ({ op }) => !healing.faulty && op.begin > healing.index && op.startTime >= over + within,
  );
  for (const { op, error } of due) {
    if (error !== null) continue;
    const say = () =>
      `${describeOp(history, op.event)}: the clock of ${placeOf(op)} does not know how wrong it may be, ` +
      `${formatTime(op.startTime - over)} after the last fault was over.`;
    findings.add('unsynchronized', [op.event], say);
  }
  const vacuous =
    due.length > 0
      ? []
      : [
          `no clock was read later than ${formatTime(within)} after the last fault, when it was due (--settle)`,
        ];
  return findings.verdict('synchronization', { counts: { due: due.length }, vacuous });
}
