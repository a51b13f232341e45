import fc from 'fast-check';
import { expect, test } from 'vitest';
import { broadcast } from '../../../checkers/broadcast/broadcast.ts';
import {
  BROADCAST_LADDER,
  BROADCAST_LEVELS,
  type BroadcastLevel,
  LEVELS,
} from '../../../checkers/broadcast/levels.ts';
import { fuzz } from '../effort.ts';
import { blamed, check, type Told, tell } from '../story.ts';
import { brokenByDefinition } from './definitions.ts';

type LogEvent = readonly ['broadcast' | 'deliver', unknown];

const cast = (node: string, message: unknown, more: Partial<Told> = {}): Told => ({
  process: Number(node.slice(1)),
  node,
  f: 'broadcast',
  argument: message,
  ...more,
});
/** `+a` is a broadcast of a, `a` a delivery. */
const log = (node: string, events: string, more: Partial<Told> = {}): Told => ({
  process: Number(node.slice(1)),
  node,
  f: 'log',
  result: events
    .split(' ')
    .filter((event) => event !== '')
    .map((event): LogEvent => (event.startsWith('+') ? ['broadcast', event.slice(1)] : ['deliver', event])),
  ...more,
});

function judge(level: BroadcastLevel, ...story: readonly Told[]) {
  const history = tell(...story);
  const verdict = check(broadcast({ level }), history);
  return { ...verdict, blamed: blamed(history, verdict), message: verdict.anomalies[0]?.message };
}

const TWO = [cast('n1', 'a'), cast('n2', 'b')];

test('what every node delivers once and in one order is right at every level', () => {
  const story = [
    ...[cast('n1', 'a'), cast('n2', 'b'), cast('n1', 'c')],
    ...[log('n1', '+a a b +c c'), log('n2', 'a +b b c'), log('n3', 'a b c')],
  ];
  for (const level of BROADCAST_LEVELS)
    expect(judge(level, ...story)).toMatchObject({
      valid: true,
      vacuous: [],
      counts: { broadcasts: 3, logs: 3, deliveries: 9 },
      details: { broken: {}, levels: BROADCAST_LEVELS, silentNodes: [] },
    });
});

test('an acknowledged message that its own sender never delivers breaks validity', () => {
  const found = judge('best-effort', ...TWO, log('n1', '+a b'), log('n2', '+b b a'));
  expect(found.blamed).toEqual(['self-delivery: 1 broadcast, 1 log']);
  expect(found.message).toContain('was acknowledged, but in the end n1 itself has not delivered "a"');
  const unknown = cast('n1', 'a', { outcome: 'info' });
  expect(judge('best-effort', unknown, log('n1', '')).valid).toBe(true);
});

test('a log that was read too early proves no loss', () => {
  expect(judge('best-effort', log('n1', ''), cast('n1', 'a')).valid).toBe(true);
  const faulty = { process: 'nemesis', f: 'cut' } as const;
  expect(judge('reliable', cast('n1', 'a'), faulty, log('n1', ''), log('n2', 'a')).valid).toBe(true);
  const healed = { process: 'nemesis', f: 'heal' } as const;
  expect(judge('reliable', cast('n1', 'a'), faulty, healed, log('n1', ''), log('n2', 'a')).valid).toBe(false);
});

test('the last log of a node counts', () => {
  expect(judge('reliable', cast('n1', 'a'), log('n1', '+a'), log('n1', '+a a')).valid).toBe(true);
});

test('a message delivered twice is a duplication', () => {
  const found = judge('best-effort', cast('n1', 'a'), log('n1', '+a a a a'));
  expect(found.blamed).toEqual(['duplication: 1 log']);
  expect(found.message).toContain('n1 delivered "a" 3 times');
});

test('a message that nobody broadcast by then is a creation', () => {
  expect(judge('best-effort', log('n1', 'z')).blamed).toEqual(['creation: 1 log']);
  const failed = cast('n1', 'a', { outcome: 'fail' });
  expect(judge('best-effort', failed, log('n2', 'a')).blamed).toEqual(['creation: 1 broadcast, 2 log']);
  const late = judge('best-effort', log('n2', 'a'), cast('n1', 'a'));
  expect(late.blamed).toEqual(['creation: 1 broadcast, 2 log']);
  expect(late.message).toContain('began only later');
  expect(judge('best-effort', cast('n1', 'a'), log('n1', 'a +a')).blamed).toEqual(['creation: 1 log']);
});

test('a message that some nodes deliver and others never breaks agreement, but best effort may if its sender died', () => {
  const story = [cast('n1', 'a'), log('n2', 'a'), log('n3', ''), log('n4', '')];
  const found = judge('reliable', ...story);
  expect(found.blamed).toEqual(['delivery-agreement: 2 log, 3 log']);
  expect(found.message).toContain('n2 delivered "a" and n3 and n4 never did');
  expect(found.details).toMatchObject({ levels: ['best-effort'] });
  expect(judge('best-effort', ...story).valid).toBe(true);
});

test('a message of a sender that lives must reach every node that lives, also by best effort', () => {
  const story = [cast('n1', 'a'), log('n1', '+a a'), log('n2', ''), log('n3', '')];
  const found = judge('best-effort', ...story);
  expect(found.blamed).toEqual(['delivery: 1 broadcast, 2 log']);
  expect(found.message).toContain('n1 was there to the end, but n2 and n3 never delivered "a"');
  expect(found.details).toMatchObject({ broken: { delivery: 1, 'delivery-agreement': 1 }, levels: [] });
  expect(judge('reliable', ...story).blamed).toEqual(['delivery-agreement: 1 log, 2 log']);
});

test('a node without a final log is blamed for nothing', () => {
  const found = judge('reliable', ...TWO, log('n1', '+a a'), log('n3', 'a'));
  expect(found).toMatchObject({ valid: true, details: { silentNodes: ['n2'] } });
});

test('messages of one sender out of order break FIFO order', () => {
  const story = [cast('n1', 'a'), cast('n1', 'b'), log('n1', '+a +b a b'), log('n2', 'b a')];
  const found = judge('fifo', ...story);
  expect(found.blamed).toEqual(['fifo-order: 1 log, 2 log']);
  expect(found.message).toContain('n1 broadcast "a" before "b"');
  expect(found.message).toContain("but n2 delivered them the other way round: see n1's log at");
  expect(found.details).toMatchObject({ levels: ['best-effort', 'reliable'] });
  expect(judge('reliable', ...story).valid).toBe(true);
});

test('a message delivered without the one before it from its sender breaks FIFO order', () => {
  const found = judge('fifo', cast('n1', 'a'), cast('n1', 'b'), log('n1', '+a +b a b'), log('n2', 'b'));
  expect(found.blamed).toContain('fifo-order: 1 log, 2 log');
  expect(found.anomalies.find(({ kind }) => kind === 'fifo-order')!.message).toContain(
    'n2 delivered the second without the first',
  );
});

test('where a sender gave no log, its acknowledged broadcasts tell the order', () => {
  const story = [cast('n1', 'a'), cast('n1', 'b', { outcome: 'info' }), log('n2', 'b a')];
  expect(judge('fifo', ...story).blamed).toEqual(['fifo-order: 1 broadcast, 1 broadcast, 2 log']);
  const overlapping = [cast('n1', 'a', { process: 8, from: 0, to: 15 }), ...story.slice(1)];
  expect(judge('fifo', ...overlapping).valid).toBe(true);
});

test('an answer delivered before its question breaks causal order, and only that', () => {
  const story = [
    ...[cast('n1', 'question'), cast('n2', 'answer')],
    ...[log('n1', '+question question answer'), log('n2', 'question +answer answer')],
    log('n3', 'answer question'),
  ];
  const found = judge('causal', ...story);
  expect(found.blamed).toEqual(['causal-order: 2 log, 3 log']);
  expect(found.message).toContain('n2 delivered "question" and then broadcast "answer"');
  expect(found.details).toMatchObject({ levels: ['best-effort', 'reliable', 'fifo'] });
});

test('two orders at two nodes break total order, but may be causal', () => {
  const story = [...TWO, log('n1', '+a a b'), log('n2', '+b b a')];
  const found = judge('total-order', ...story);
  expect(found.blamed).toEqual(['total-order: 1 log, 2 log']);
  expect(found.message).toContain('n1 delivered "a" before "b", but n2 delivered "b" before "a"');
  expect(judge('causal', ...story).valid).toBe(true);
});

test('one order that is not that of the sender is total, but not FIFO-total', () => {
  const story = [cast('n1', 'a'), cast('n1', 'b'), log('n1', '+a +b b a'), log('n2', 'b a')];
  expect(judge('total-order', ...story).valid).toBe(true);
  expect(judge('fifo-total-order', ...story).blamed[0]).toMatch(/^fifo-order/);
});

test('groups of different keys are apart', () => {
  const found = judge(
    'reliable',
    cast('n1', 'a', { key: 1 }),
    log('n1', '+a a', { key: 1 }),
    log('n2', '', { key: 2 }),
  );
  expect(found.valid).toBe(true);
});

test('what can not be understood is refused by name', () => {
  expect(() => judge('fifo', { process: 0, f: 'log', result: 'a' })).toThrow(
    'event 1 (log): the value must be an array of ["broadcast", message] and ["deliver", message], not "a"',
  );
  expect(() => judge('fifo', { process: 0, f: 'log', result: [['send', 1]] })).toThrow('event 1 (log)');
  expect(() => judge('fifo', cast('n1', 'a'), cast('n2', 'a'))).toThrow(
    'events 0 and 2 (broadcast): both broadcast "a"; each message must be broadcast once',
  );
});

test('a pass without logs, deliveries or anything to order is vacuous', () => {
  expect(judge('reliable', cast('n1', 'a')).vacuous).toEqual(["no node's log was read"]);
  expect(judge('reliable', log('n1', ''), log('n2', '')).vacuous).toEqual(['no message was ever delivered']);
  expect(judge('causal', cast('n1', 'a'), log('n1', '+a a')).vacuous).toEqual([
    'no two logs were read after every broadcast and every fault were over',
    'no node broadcast twice',
    'no node broadcast anything after it had delivered something',
  ]);
  expect(judge('total-order', cast('n1', 'a'), log('n1', '+a a'), log('n2', 'a')).vacuous).toEqual([
    'no node delivered two messages',
  ]);
});

/** A run of three nodes by a sequencer: right at every level. */
function rightLogs(senders: readonly number[]): LogEvent[][] {
  const logs: LogEvent[][] = [[], [], []];
  senders.forEach((sender, message) => {
    logs[sender]!.push(['broadcast', message]);
    for (const each of logs) each.push(['deliver', message]);
  });
  return logs;
}

interface Damage {
  readonly node: number;
  readonly kind: 'move' | 'drop' | 'repeat' | 'invent';
  readonly at: number;
  readonly to: number;
}

function damage(logs: LogEvent[][], { node, kind, at, to }: Damage): void {
  const events = logs[node]!;
  if (events.length === 0) return;
  const position = at % events.length;
  if (kind === 'invent') events.splice(position, 0, ['deliver', 99]);
  else if (kind === 'repeat') events.splice(to % events.length, 0, ['deliver', events[position]![1]]);
  else {
    const [event] = events.splice(position, 1);
    if (kind === 'move') events.splice(to % (events.length + 1), 0, event!);
  }
}

const smallRuns = fc
  .record({
    senders: fc.array(fc.nat(2), { maxLength: 5 }),
    outcomes: fc.array(fc.constantFrom(...(['ok', 'ok', 'ok', 'ok', 'info', 'fail'] as const)), {
      minLength: 5,
      maxLength: 5,
    }),
    begins: fc.array(fc.nat(30), { minLength: 5, maxLength: 5 }),
    damages: fc.array(
      fc.record({
        node: fc.nat(2),
        kind: fc.constantFrom(...(['move', 'move', 'drop', 'drop', 'repeat', 'invent'] as const)),
        at: fc.nat(20),
        to: fc.nat(20),
      }),
      { maxLength: 3 },
    ),
    logAt: fc.array(fc.constantFrom(100, 100, 100, 25, undefined), { minLength: 3, maxLength: 3 }),
  })
  .map(({ senders, outcomes, begins, damages, logAt }) => {
    const logs = rightLogs(senders);
    for (const each of damages) damage(logs, each);
    const casts = senders.map((sender, i) => {
      const from = begins[i]!;
      const outcome = outcomes[i]!;
      return cast(`n${sender}`, i, { process: 10 + i, from, to: from + 10, outcome });
    });
    const reads = logs.flatMap((result, i): Told[] => {
      const from = logAt[i];
      return from === undefined ? [] : [{ process: i, node: `n${i}`, f: 'log', result, from, to: from + 5 }];
    });
    return tell(...casts, ...reads);
  });

test('agrees with the definitions of the properties on small runs', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(smallRuns, (history) => {
      const { broken } = check(broadcast(), history).details as { broken: Record<string, number> };
      const kinds = new Set(Object.keys(broken));
      const expected = brokenByDefinition(history);
      // Causal order is FIFO order and this checker's `causal-order` together.
      const causal = kinds.has('causal-order') || kinds.has('fifo-order');
      kinds.delete('causal-order');
      if (causal) kinds.add('causal-order');
      expect([...kinds].sort()).toEqual(expected);
      for (const kind of expected.length === 0 ? ['none'] : expected)
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }),
    fuzz(1500, 1),
  );
  const kinds = [
    'self-delivery',
    'delivery',
    'duplication',
    'creation',
    'delivery-agreement',
    'fifo-order',
    'causal-order',
    'total-order',
  ];
  for (const kind of ['none', ...kinds]) expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(30);
});

/** One history for each rung of the ladder: right at the weaker level, wrong at the stronger one. */
const APART: Readonly<Record<string, readonly Told[]>> = {
  'best-effort < reliable': [cast('n1', 'a'), log('n2', 'a'), log('n3', '')],
  'reliable < fifo': [cast('n1', 'a'), cast('n1', 'b'), log('n1', '+a a +b b'), log('n2', 'b a')],
  'fifo < causal': [
    ...[cast('n1', 'question'), cast('n2', 'answer')],
    ...[log('n1', '+question question answer'), log('n2', 'question +answer answer')],
    log('n3', 'answer question'),
  ],
  'causal < fifo-total-order': [...TWO, log('n1', '+a a b'), log('n2', '+b b a')],
  'reliable < total-order': [...TWO, log('n1', '+a a b'), log('n2', '+b b a')],
  'total-order < fifo-total-order': [
    ...[cast('n1', 'a'), cast('n1', 'b')],
    ...[log('n1', '+a +b b a'), log('n2', 'b a')],
  ],
};

test.each(BROADCAST_LADDER)('$weaker < $stronger: $apart', ({ weaker, stronger }) => {
  const story = APART[`${weaker} < ${stronger}`]!;
  expect(judge(weaker, ...story)).toMatchObject({ valid: true });
  expect(judge(stronger, ...story)).toMatchObject({ valid: false });
});

test('what is right at one level of the ladder is right at each below, where every log is whole', () => {
  const met = new Map<string, number>();
  for (const history of fc.sample(smallRuns, fuzz(3000, 2))) {
    const { details, counts } = check(broadcast(), history);
    const { levels, silentNodes } = details as {
      readonly levels: readonly BroadcastLevel[];
      readonly silentNodes: readonly string[];
    };
    if (counts.logs !== 3 || silentNodes.length > 0) continue;
    for (const { weaker, stronger } of BROADCAST_LADDER) {
      if (!levels.includes(stronger)) continue;
      expect(levels, `${weaker} < ${stronger}`).toContain(weaker);
      met.set(stronger, (met.get(stronger) ?? 0) + 1);
    }
  }
  for (const { stronger } of BROADCAST_LADDER) expect(met.get(stronger)).toBeGreaterThan(100);
});

test('the ladder names every level, and reaches each from the weakest', () => {
  expect(new Set(BROADCAST_LADDER.flatMap(({ weaker, stronger }) => [weaker, stronger]))).toEqual(
    new Set(Object.keys(LEVELS)),
  );
  const reached = new Set<BroadcastLevel>(['best-effort']);
  for (const level of reached)
    for (const { weaker, stronger } of BROADCAST_LADDER) if (weaker === level) reached.add(stronger);
  expect([...reached].sort()).toEqual([...BROADCAST_LEVELS].sort());
});

const longRuns = fc.record({
  senders: fc.array(fc.nat(2), { minLength: 4, maxLength: 40 }),
  node: fc.nat(2),
  pick: fc.nat(),
});

function planted(
  { senders, node, pick }: { senders: number[]; node: number; pick: number },
  plant: (events: LogEvent[], message: number) => void,
) {
  const casts = senders.map((sender, i) => cast(`n${sender}`, i));
  const logs = rightLogs(senders);
  const story = () => logs.map((result, i): Told => ({ process: i, node: `n${i}`, f: 'log', result }));
  expect(judge('fifo-total-order', ...casts, ...story()).valid).toBe(true);
  plant(logs[node]!, pick % senders.length);
  return judge('fifo-total-order', ...casts, ...story());
}

const delivery = (events: LogEvent[], message: number) =>
  events.findIndex(([what, value]) => what === 'deliver' && value === message);

test('one lost, repeated or invented delivery in a right run is found, and the node blamed', () => {
  fc.assert(
    fc.property(longRuns, (run) => {
      const lost = planted(run, (events, message) => events.splice(delivery(events, message), 1));
      const where =
        run.senders[run.pick % run.senders.length] === run.node ? 'self-delivery' : 'delivery-agreement';
      expect(lost.anomalies.map(({ kind }) => kind)).toContain(where);
      for (const who of lost.blamed) expect(who).toContain(`${run.node} log`);
      const twice = planted(run, (events, message) => events.push(['deliver', message]));
      expect(twice.blamed).toEqual([`duplication: ${run.node} log`]);
      const made = planted(run, (events, message) =>
        events.splice(delivery(events, message), 0, ['deliver', 'new']),
      );
      expect(made.blamed).toContain(`creation: ${run.node} log`);
    }),
    fuzz(100, 1),
  );
});

test('two deliveries swapped at one node of a right run are found, and the node blamed', () => {
  fc.assert(
    fc.property(longRuns, (run) => {
      const swapped = planted(run, (events, message) => {
        const a = delivery(events, message);
        const b = delivery(events, (message + 1) % run.senders.length);
        [events[a], events[b]] = [events[b]!, events[a]!];
      });
      const orders = swapped.blamed.filter((who) => who.startsWith('total-order'));
      expect(orders).toHaveLength(2);
      for (const who of orders) expect(who).toContain(`${run.node} log`);
    }),
    fuzz(100, 1),
  );
});
