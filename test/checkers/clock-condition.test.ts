import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockCondition } from '../../checkers/clock-condition/clock-condition.ts';
import { fuzz } from './effort.ts';
import { blamed, check, type Told, tell } from './story.ts';

type Entry = readonly [what: 'local' | 'send' | 'receive', message: string | null, stamp: unknown];
type Logs = Readonly<Record<string, readonly Entry[]>>;

const log = (node: string, entries: readonly Entry[]): Told => ({
  process: Number(node.slice(1)),
  node,
  f: 'log',
  result: entries,
});

function judge(logs: Logs, strong = false) {
  const history = tell(...Object.entries(logs).map(([node, entries]) => log(node, entries)));
  const verdict = check(clockCondition({ strong }), history);
  return { ...verdict, blamed: blamed(history, verdict), message: verdict.anomalies[0]?.message };
}

test('numbers that grow along each node and each message fulfil the clock condition', () => {
  const found = judge({
    n1: [
      ['send', 'n1-1', 1],
      ['local', null, 2],
    ],
    n2: [
      ['local', null, 1],
      ['receive', 'n1-1', 2],
    ],
  });
  expect(found).toMatchObject({ valid: true, vacuous: [], counts: { events: 4, receipts: 1 } });
});

test('a receipt that is not later than its sending breaks it, and both logs prove it', () => {
  const found = judge({ n1: [['send', 'n1-1', 5]], n2: [['receive', 'n1-1', 5]] });
  expect(found.blamed).toEqual(['clock-condition: 1 log, 2 log']);
  expect(found.message).toBe(
    "n2's event 1 (receive n1-1 at 5) received what n1's event 1 (send n1-1 at 5) sent, and yet its timestamp is not " +
      'the greater one.',
  );
});

test('a counter that stands still on one node breaks it, and its log alone proves it', () => {
  const found = judge({
    n1: [
      ['local', null, 2],
      ['local', null, 2],
    ],
  });
  expect(found.blamed).toEqual(['clock-condition: 1 log']);
  expect(found.message).toContain('came right after');
});

test('numbers can not tell coincidence from cause, vectors must', () => {
  const logs = (a: unknown, b: unknown): Logs => ({ n1: [['local', null, a]], n2: [['local', null, b]] });
  expect(judge(logs(1, 2)).valid).toBe(true);
  expect(judge(logs(1, 2), true).blamed).toEqual(['false-causality: 1 log, 2 log']);
  expect(judge(logs([1, 0], [0, 1]), true).valid).toBe(true);
  const found = judge(logs([1, 0], [1, 1]), true);
  expect(found.blamed).toEqual(['false-causality: 1 log, 2 log']);
  expect(found.message).toBe(
    "n1's event 1 (local at [1,0]) has a smaller timestamp than n2's event 1 (local at [1,1]), but it did not lead to " +
      'it: no chain of messages joins the two.',
  );
});

test('what led to the receipt of a message whose sending is in no log nobody can say', () => {
  expect(judge({ n2: [['receive', 'n1-1', 1]] })).toMatchObject({
    valid: true,
    vacuous: ['no message was received: no event led to another node'],
  });
  const logs = (sending: Entry[]): Logs => ({
    n1: [['local', null, [1, 0, 0]], ...sending],
    n2: [
      ['receive', 'n1-1', [2, 1, 0]],
      ['send', 'n2-1', [2, 2, 0]],
    ],
    n3: [['receive', 'n2-1', [2, 2, 1]]],
  });
  expect(judge(logs([['send', 'n1-1', [2, 0, 0]]]), true).valid).toBe(true);
  expect(judge(logs([]), true).valid).toBe(true);
  expect(judge(logs([['local', null, [2, 0, 0]]]), true).valid).toBe(true);
});

test('the last log of a node counts, and what is no log is said to be none', () => {
  const first: Told = { ...log('n1', [['local', null, 1]]), from: 0, to: 5 };
  const more: Entry[] = [
    ['local', null, 1],
    ['local', null, 1],
  ];
  expect(check(clockCondition(), tell(first, log('n1', more))).valid).toBe(false);
  expect(() => check(clockCondition(), tell({ process: 1, f: 'log', result: 7 }))).toThrow(
    'a list of events',
  );
  const wrong: Told = { process: 1, f: 'log', result: [['jump', null, 1]] };
  expect(() => check(clockCondition(), tell(wrong))).toThrow('[event, message, timestamp]');
});

/** A step of a random run: a local event, a sending, or the receipt of the message sent longest ago. */
interface Step {
  readonly node: number;
  readonly what: 'local' | 'send' | 'receive';
}

const NODES = 3;

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ node: fc.nat(NODES - 1), what: fc.constantFrom('local', 'send', 'receive', 'receive') }),
  { maxLength: 10 },
);

/** The logs of such a run with right vector timestamps, and which event led to which: by definition, step by step. */
function perform(run: readonly Step[]) {
  const clocks = Array.from({ length: NODES }, () => new Array<number>(NODES).fill(0));
  const logs: [Entry['0'], string | null, number[]][][] = [[], [], []];
  const waiting: { id: string; from: string; stamp: number[] }[] = [];
  const last: string[] = [];
  const causes = new Map<string, Set<string>>();
  run.forEach(({ node, what }, i) => {
    const message = what === 'receive' ? waiting.shift() : undefined;
    const kind = what === 'receive' && message === undefined ? 'local' : what;
    const clock = clocks[node]!;
    message?.stamp.forEach((known, j) => {
      clock[j] = Math.max(clock[j]!, known);
    });
    clock[node]!++;
    const id = kind === 'send' ? `m${i}` : (message?.id ?? null);
    const event = `${node}/${logs[node]!.length}`;
    const before = [last[node], message?.from].filter((cause) => cause !== undefined);
    causes.set(event, new Set(before.flatMap((cause) => [cause, ...causes.get(cause)!])));
    last[node] = event;
    logs[node]!.push([kind, id, clock.slice()]);
    if (kind === 'send') waiting.push({ id: id!, from: event, stamp: clock.slice() });
  });
  return { logs, causes };
}

type Stamps = readonly (readonly Entry[])[];

/** The anomalies by definition, over all pairs of events. */
function brokenByDefinition(logs: Stamps, causes: ReadonlyMap<string, ReadonlySet<string>>, strong: boolean) {
  const less = (a: unknown, b: unknown) => {
    if (typeof a === 'number') return a < (b as number);
    const [as, bs] = [a as number[], b as number[]];
    return as.every((x, i) => x <= bs[i]!) && as.some((x, i) => x < bs[i]!);
  };
  const all = logs.flatMap((log, node) => log.map(([, , stamp], i) => ({ event: `${node}/${i}`, stamp })));
  const pairs = all.flatMap((a) => all.filter((b) => b !== a).map((b) => [a, b] as const));
  const led = (a: string, b: string) => causes.get(b)!.has(a);
  if (pairs.some(([a, b]) => led(a.event, b.event) && !less(a.stamp, b.stamp))) return ['clock-condition'];
  const coincidence = pairs.some(([a, b]) => less(a.stamp, b.stamp) && !led(a.event, b.event));
  return strong && coincidence ? ['false-causality'] : [];
}

test.each([false, true])(
  'agrees with the definition on small runs with a wrong entry or two (strong: %s)',
  (strong) => {
    const seen = new Map<string, number>();
    const wrongs = fc.array(
      fc.record({ at: fc.nat(), entry: fc.nat(NODES - 1), by: fc.integer({ min: -1, max: 2 }) }),
      {
        maxLength: 2,
      },
    );
    fc.assert(
      fc.property(steps, wrongs, fc.boolean(), (run, changes, numbers) => {
        const { logs, causes } = perform(run);
        const all = logs.flat();
        for (const { at, entry, by } of all.length === 0 ? [] : changes)
          all[at % all.length]![2][entry]! += by;
        // The sum of a vector is a Lamport clock of a kind.
        const stamped: Stamps = numbers
          ? logs.map((log) => log.map(([w, m, v]) => [w, m, v.reduce((sum, n) => sum + n, 0)] as const))
          : logs;
        const named = Object.fromEntries(stamped.map((log, i) => [`n${i + 1}`, log]));
        const kinds = [...new Set(judge(named, strong).anomalies.map(({ kind }) => kind))];
        const broken = brokenByDefinition(stamped, causes, strong);
        expect(kinds).toEqual(broken);
        for (const kind of broken.length === 0 ? ['none'] : broken) seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }),
      fuzz(1500, 1),
    );
    for (const kind of strong ? ['none', 'clock-condition', 'false-causality'] : ['none', 'clock-condition'])
      expect(seen.get(kind), kind).toBeGreaterThan(100);
  },
);
