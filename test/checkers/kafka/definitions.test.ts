import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kafka } from '../../../checkers/kafka/kafka.ts';
import { fuzz } from '../effort.ts';
import { check, type Told, tell } from '../story.ts';

/** An operation on one log of a small history: a send of its own number, a poll of some messages, or an assignment. */
interface Small {
  readonly process: number;
  readonly kind: 'send' | 'poll' | 'assign';
  readonly outcome: 'ok' | 'info' | 'fail';
  /** Where a send ends up: at the end of the log, or anywhere. */
  readonly lie: number;
  readonly from: number;
  readonly most: number;
}

const SMALL: fc.Arbitrary<readonly Small[]> = fc.array(
  fc.record({
    process: fc.nat(2),
    kind: fc.constantFrom('send', 'send', 'poll', 'poll', 'poll', 'assign'),
    outcome: fc.constantFrom('ok', 'ok', 'ok', 'ok', 'ok', 'info', 'fail'),
    lie: fc.nat(30),
    from: fc.nat(30),
    most: fc.nat(4),
  }),
  { minLength: 4, maxLength: 14, size: 'max' },
);

type Message = readonly [offset: number, value: number];

/** A told operation, and what it sent or polled. */
interface Done extends Small {
  readonly at: number;
  readonly sent: Message | undefined;
  readonly polled: readonly Message[];
}

/** What happens on a log that mostly does what it should; each client mostly polls on from where it is. */
function play(all: readonly Small[]): Done[] {
  const log: number[] = [];
  const places = new Map<number, number>();
  return all.map((op, at) => {
    const { kind, outcome, process, lie, from, most } = op;
    if (kind === 'send') {
      const offset = lie < 4 ? lie : log.length;
      // Of two places that a liar gives, the log keeps the right one; what failed may be there all the same.
      if (outcome === 'ok' || lie % 2 === 0) log.push(at);
      return { ...op, at, sent: [offset, at], polled: [] };
    }
    if (kind === 'assign') {
      places.delete(process);
      return { ...op, at, sent: undefined, polled: [] };
    }
    const begin = from < 4 ? from : (places.get(process) ?? 0);
    const polled = log.slice(begin, begin + most).map((value, i): Message => [begin + i, value]);
    if (lie < 3 && polled.length > 0) polled.splice(lie % polled.length, 1);
    if (lie === 5) polled.push([log.length, 99]);
    if (lie === 6) polled.reverse();
    if (outcome === 'ok') places.set(process, (polled.at(-1)?.[0] ?? begin - 1) + 1);
    return { ...op, at, sent: undefined, polled };
  });
}

function told({ process, kind, outcome, sent, polled }: Done): Told {
  if (kind === 'assign') return { process, f: 'assign', argument: ['x'], outcome };
  if (kind === 'send') {
    const [, value] = sent!;
    return { process, f: 'send', argument: [['send', 'x', value]], result: [['send', 'x', sent]], outcome };
  }
  return { process, f: 'poll', argument: [['poll']], result: [['poll', { x: polled }]], outcome };
}

/** The kinds of anomaly that there are, by their definitions. */
function kindsIn(all: readonly Done[]): Set<string> {
  const out = new Set<string>();
  const ok = all.filter(({ outcome }) => outcome === 'ok');
  const sends = all.filter(({ kind, outcome }) => kind === 'send' && outcome !== 'fail');
  const known = ok.flatMap(({ sent, polled }) => (sent === undefined ? polled : [sent]));
  const polls = ok.flatMap((op) => op.polled.map((message) => ({ op, message })));
  const offsets = [...new Set(known.map(([offset]) => offset))].sort((a, b) => a - b);
  for (const [offset, value] of known) {
    const others = known.filter(([, other]) => other === value).map(([place]) => place);
    if (new Set(others).size > 1) out.add('duplicate');
    if (known.some(([place, other]) => place === offset && other !== value)) out.add('inconsistent-offsets');
  }
  for (const { outcome, sent } of sends) {
    const [offset, value] = sent!;
    const isPolled = polls.some(({ message }) => message[1] === value);
    if (outcome === 'ok' && !isPolled && polls.some(({ message }) => message[0] > offset))
      out.add('lost-write');
  }
  for (const { op, message } of polls) {
    const [, value] = message;
    if (sends.some(({ at }) => at === value && at < op.at)) continue;
    const failed = all.some(({ at, kind, outcome }) => at === value && kind === 'send' && outcome === 'fail');
    out.add(failed ? 'aborted-read' : 'unexpected');
  }
  for (const process of [0, 1, 2]) {
    let last: { readonly op: Done; readonly offset: number } | undefined;
    let highest: number | undefined;
    for (const op of all.filter((other) => other.process === process)) {
      if (op.kind === 'assign') last = undefined;
      if (op.outcome !== 'ok') continue;
      if (op.sent !== undefined) {
        if (highest !== undefined && op.sent[0] <= highest) out.add('nonmonotonic-send');
        highest = op.sent[0];
      }
      for (const [offset] of op.polled) {
        const inside = last?.op === op ? 'int-' : '';
        if (last !== undefined && offset <= last.offset) out.add(`${inside}nonmonotonic-poll`);
        else if (last !== undefined && offsets.some((o) => o > last!.offset && o < offset))
          out.add(`${inside}poll-skip`);
        last = { op, offset };
      }
    }
  }
  return out;
}

const KINDS = [
  'lost-write',
  'duplicate',
  'inconsistent-offsets',
  'aborted-read',
  'unexpected',
  'poll-skip',
  'int-poll-skip',
  'nonmonotonic-poll',
  'int-nonmonotonic-poll',
  'nonmonotonic-send',
];

test('agrees with the definitions on small histories of one log', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(SMALL, (small) => {
      const all = play(small);
      const { anomalies } = check(kafka(), tell(...all.map(told)));
      const found = new Set(anomalies.map(({ kind }) => kind).filter((kind) => KINDS.includes(kind)));
      const right = kindsIn(all);
      expect([...found].sort()).toEqual([...right].sort());
      for (const kind of right.size === 0 ? ['none'] : right) seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }),
    fuzz(3000, 1),
  );
  for (const kind of ['none', ...KINDS]) expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(20);
});
