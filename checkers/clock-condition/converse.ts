import type { Findings } from '../findings.ts';
import { describeEvent, type LoggedEvent } from './event-logs.ts';
import { isLess } from './stamps.ts';

type Logs = ReadonlyMap<string, readonly LoggedEvent[]>;

/**
 * Looks for events with the smaller timestamp that did not lead to the other. Timestamps grow along the events of each
 * node and along messages: so for each event, those of another node that led to it are the first so many there, and
 * those with smaller timestamps are the first so many, too, at least as many. The first that did not lead to it tells.
 */
export function checkConverse(findings: Findings, logs: Logs): void {
  for (const [event, known] of causesOf(logs)) {
    if (known === null) continue;
    for (const [node, others] of logs) {
      if (node === event.node) continue;
      const led = known.get(node) ?? 0;
      const other = others[led];
      if (other === undefined || !isLess(other.stamp, event.stamp)) continue;
      const say = () =>
        `${describeEvent(other)} has a smaller timestamp than ${describeEvent(event)}, but it did not lead to it: ` +
        'no chain of messages joins the two.';
      findings.add('false-causality', [other.read, event.read], say);
    }
  }
}

/** How many of the events of each node led to an event; null where a sending that led to it is in no log. */
type Causes = ReadonlyMap<string, number> | null;

function causesOf(logs: Logs): Map<LoggedEvent, Causes> {
  const causes = new Map<LoggedEvent, Causes>();
  for (const event of causesFirst(logs)) {
    const direct = [event.previous, event.sending].filter((cause) => cause !== null);
    const unknown = event.what === 'receive' && event.sending === null;
    if (unknown || direct.some((cause) => causes.get(cause) === null)) {
      causes.set(event, null);
      continue;
    }
    const known = new Map<string, number>();
    for (const cause of direct) {
      for (const [node, count] of causes.get(cause)!) known.set(node, Math.max(count, known.get(node) ?? 0));
      known.set(cause.node, Math.max(cause.place + 1, known.get(cause.node) ?? 0));
    }
    causes.set(event, known);
  }
  return causes;
}

/** All events, each after those that led to it. There is no circle, for timestamps grow along each step. */
function* causesFirst(logs: Logs): Generator<LoggedEvent> {
  const next = new Map<string, number>([...logs.keys()].map((node) => [node, 0]));
  const done = ({ node, place }: LoggedEvent) => place < next.get(node)!;
  for (let moved = true; moved; ) {
    moved = false;
    for (const [node, events] of logs) {
      let place = next.get(node)!;
      for (let event = events[place]; event !== undefined; event = events[++place]) {
        if (event.sending !== null && !done(event.sending)) break;
        next.set(node, place + 1);
        moved = true;
        yield event;
      }
    }
  }
}
