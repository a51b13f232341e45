import type { History } from '../../histories/history.ts';
import type { Checker, Verdict } from '../checker.ts';
import { Findings } from '../findings.ts';
import { checkConverse } from './converse.ts';
import { describeEvent, type LoggedEvent, loggedEvents } from './event-logs.ts';
import { isLess } from './stamps.ts';

export interface ClockConditionOptions {
  /** Whether the converse is asked for too: a smaller timestamp only for an event that led to the other. Default false. */
  readonly strong?: boolean;
}

/**
 * The clock condition (Lamport 1978): if event a happened before b, a has the smaller timestamp. Strong (Mattern 1989):
 * if and only if. Operation `log`, on each node: → its events so far as `[event, message, timestamp]`, where the event is
 * `local`, `send` or `receive`. A timestamp is a number, or a list of numbers, which is less than another if it differs
 * and no number in it is greater. Other operations are not looked at.
 *
 * *clock-condition*: of two events that follow each other on a node, or of a sending and its receipt, the second has not
 * the greater timestamp; all other cases follow from these. *false-causality*: an event has the smaller timestamp than
 * another that it did not lead to. Where the sending of a message is in no log, as that of a node that died may be, nobody
 * can say what led to its receipt: nothing is said of it and all that follows from it.
 */
export function clockCondition(options: ClockConditionOptions = {}): Checker {
  const strong = options.strong ?? false;
  const name = strong ? 'strong-clock-condition' : 'clock-condition';
  return {
    name,
    about: strong
      ? 'logical clocks: an event has the smaller timestamp if and only if it led to the other'
      : 'logical clocks: an event that led to another has the smaller timestamp',
    check: (history) => checkClocks(history, name, strong),
  };
}

function checkClocks(history: History, name: string, strong: boolean): Verdict {
  const findings = new Findings(history);
  const logs = loggedEvents(history);
  const counts = { events: 0, receipts: 0 };
  for (const events of logs.values()) {
    for (const event of events) {
      counts.events++;
      if (event.sending !== null) counts.receipts++;
      checkForward(findings, event);
    }
  }
  // Without the condition itself timestamps can't be searched for its converse, and enough is wrong already.
  if (strong && !findings.any) checkConverse(findings, logs);
  const vacuous = counts.receipts === 0 ? ['no message was received: no event led to another node'] : [];
  return findings.verdict(name, { counts, vacuous });
}

function checkForward(findings: Findings, event: LoggedEvent): void {
  for (const cause of [event.previous, event.sending]) {
    if (cause === null || isLess(cause.stamp, event.stamp)) continue;
    const why =
      cause === event.sending
        ? `${describeEvent(event)} received what ${describeEvent(cause)} sent`
        : `${describeEvent(event)} came right after ${describeEvent(cause)}`;
    const say = () => `${why}, and yet its timestamp is not the greater one.`;
    findings.add('clock-condition', [cause.read, event.read], say);
  }
}
