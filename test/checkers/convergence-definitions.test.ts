import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Verdict } from '../../checkers/checker.ts';
import { convergence } from '../../checkers/convergence.ts';
import { type Operation, operationsOf } from '../../checkers/operations.ts';
import type { History } from '../../histories/history.ts';
import { fuzz } from './effort.ts';
import { check, type Told, tell } from './story.ts';

const step = fc.record({
  process: fc.nat(2),
  node: fc.constantFrom('n1', 'n2'),
  does: fc.nat(9),
  value: fc.nat(999),
  waits: fc.nat(12),
  takes: fc.integer({ min: 1, max: 15 }),
  outcome: fc.constantFrom('ok', 'ok', 'ok', 'ok', 'info', 'fail'),
});

/** Three clients, each of which may go to another node at any time; a heal in the midst; then both nodes are read. */
function stories(
  doing: (does: number, value: number, serial: number) => Pick<Told, 'f' | 'argument' | 'result'>,
  final: fc.Arbitrary<unknown>,
): fc.Arbitrary<History> {
  const ends = fc.record({ one: final, other: final, differ: fc.nat(3) });
  return fc
    .tuple(fc.array(step, { minLength: 2, maxLength: 8 }), ends, fc.nat(100))
    .map(([steps, { one, other, differ }, healed]) => {
      const free = [0, 0, 0];
      const names = [0, 1, 2];
      const told = steps.map(({ process, node, does, value, waits, takes, outcome }, i): Told => {
        const from = free[process]! + waits;
        free[process] = from + takes + 1;
        const what = { process: names[process]!, node, from, to: from + takes, ...doing(does, value, i + 1) };
        if (outcome === 'info') names[process]! += 3;
        return { ...what, outcome: outcome as 'ok' };
      });
      const reads = [one, differ === 0 ? other : one].map((result, i): Told => {
        return { process: names[i]!, f: 'read', node: `n${i + 1}`, result, from: 200 + i };
      });
      const heal = { process: 'nemesis', f: 'heal', from: healed, to: healed + 10 } as const;
      return tell(heal, ...told, ...reads);
    });
}

interface Facts {
  readonly updates: readonly Operation[];
  readonly reads: readonly Operation[];
  /** The last read on each node that began after the healing and after the last event of an update. */
  readonly finals: readonly Operation[];
}

function factsOf(history: History): Facts {
  const ops = operationsOf(history);
  const updates = ops.filter((op) => op.f !== 'read');
  const reads = ops.filter((op) => op.f === 'read' && op.outcome === 'ok');
  const after = Math.max(...[...Array(history.length).keys()].filter((i) => history.fName(i) !== 'read'));
  const late = reads.filter(({ begin }) => begin > after);
  const finals = ['n1', 'n2'].flatMap((node) => late.filter((op) => op.node === node).slice(-1));
  return { updates, reads, finals };
}

function numberOf({ anomalies }: Verdict, kind: string): number {
  return anomalies.filter((anomaly) => anomaly.kind === kind).length;
}

const puts = (op: Operation) =>
  op.f === 'delete' ? null : op.f === 'cas' ? (op.argument as unknown[])[1] : op.argument;

/** Whether the writer of `b` must have known `a`: one client, on one node, did `a` or read what only `a` wrote, and then `b`. */
function knew({ updates, reads }: Facts, a: Operation, b: Operation): boolean {
  const writers = updates.filter((op) => op.outcome !== 'fail' && puts(op) === puts(a));
  const sources = [
    ...(a.outcome === 'ok' ? [a] : []),
    ...(puts(a) !== null && writers.length === 1 ? reads.filter((op) => op.result === puts(a)) : []),
  ];
  return sources.some((via) => via.process === b.process && via.node === b.node && via.begin < b.begin);
}

/** Whether an acknowledged update came after `a`, by what writers knew. */
function isOutlived(facts: Facts, a: Operation): boolean {
  const after = new Set([a]);
  for (const each of after)
    for (const b of facts.updates)
      if (b.outcome !== 'fail' && b !== each && knew(facts, each, b)) after.add(b);
  after.delete(a);
  return [...after].some(({ outcome }) => outcome === 'ok');
}

const registers = stories(
  (does, value, serial) => {
    if (does < 4) return { f: 'read', result: value % 7 === 0 ? null : 1 + (value % 5) };
    if (does === 4) return { f: 'delete', argument: null };
    if (does === 5) return { f: 'cas', argument: [1, serial] };
    // Now and then a value that may have been written before.
    return { f: 'write', argument: value % 6 === 0 ? 1 : serial };
  },
  fc.constantFrom(null, 1, 2, 3, 4, 5, 6, 7),
);

test('finds in small histories of a register what the definitions say, and no more', () => {
  const seen = { unconverged: 0, 'thin-air': 0, missing: 0, 'lost-update': 0 };
  fc.assert(
    fc.property(registers, (history) => {
      const facts = factsOf(history);
      const { updates, reads, finals } = facts;
      const last = [...new Set(finals.map(({ result }) => result))];
      const mayHave = updates.filter(({ outcome }) => outcome !== 'fail');
      const shown = [...new Set(reads.map(({ result }) => result))];
      const right = {
        unconverged: last.length > 1 ? 1 : 0,
        'thin-air': shown.filter(
          (value) =>
            value !== null &&
            reads.some(
              (read) =>
                read.result === value && !mayHave.some((op) => puts(op) === value && op.begin < read.end),
            ),
        ).length,
        missing:
          last.includes(null) &&
          mayHave.some(({ outcome }) => outcome === 'ok') &&
          !mayHave.some((op) => puts(op) === null)
            ? 1
            : 0,
        'lost-update': last.filter((value) => {
          const writers = mayHave.filter((op) => puts(op) === value);
          return writers.length === 1 && isOutlived(facts, writers[0]!);
        }).length,
      };
      const verdict = check(convergence(), history);
      for (const kind of ['unconverged', 'thin-air', 'missing', 'lost-update'] as const) {
        expect(numberOf(verdict, kind), kind).toBe(right[kind]);
        if (right[kind] > 0) seen[kind]++;
      }
    }),
    fuzz(4000, 1),
  );
  for (const [kind, times] of Object.entries(seen)) expect(times, kind).toBeGreaterThan(100);
});

const SOME = fc.subarray([1, 2, 3, 4, 5]);

const sets = stories(
  (does, value) =>
    does < 3
      ? { f: 'read', result: [1, 2, 3].filter((_, i) => (value >> i) % 2 === 1) }
      : { f: 'add', argument: 1 + (value % 4) },
  SOME,
);

test('finds in small histories of a set what the definitions say, and no more', () => {
  const seen = { unconverged: 0, 'thin-air': 0, missing: 0 };
  fc.assert(
    fc.property(sets, (history) => {
      const { updates, reads, finals } = factsOf(history);
      fc.pre(updates.length > 0);
      const holds = (read: Operation, element: unknown) => (read.result as unknown[]).includes(element);
      const elements = [1, 2, 3, 4, 5];
      const right = {
        unconverged: elements.some((x) => finals.some((a) => finals.some((b) => holds(a, x) && !holds(b, x))))
          ? 1
          : 0,
        'thin-air': elements.filter((x) =>
          reads.some(
            (read) =>
              holds(read, x) &&
              !updates.some((add) => add.outcome !== 'fail' && add.argument === x && add.begin < read.end),
          ),
        ).length,
        missing: updates.filter(
          (add) => add.outcome === 'ok' && finals.some((read) => !holds(read, add.argument)),
        ).length,
      };
      const verdict = check(convergence(), history);
      for (const kind of ['unconverged', 'thin-air', 'missing'] as const) {
        expect(numberOf(verdict, kind), kind).toBe(right[kind]);
        if (right[kind] > 0) seen[kind]++;
      }
    }),
    fuzz(2000, 1),
  );
  for (const [kind, times] of Object.entries(seen)) expect(times, kind).toBeGreaterThan(100);
});
