import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Checker } from '../../checkers/checker.ts';
import { type Operation, operationsOf } from '../../checkers/operations.ts';
import { queue } from '../../checkers/queue.ts';
import { set } from '../../checkers/set.ts';
import { setFull } from '../../checkers/set-full.ts';
import { totalQueue } from '../../checkers/total-queue.ts';
import { historyOf } from '../../histories/builder.ts';
import type { History } from '../../histories/history.ts';
import { fuzz } from './effort.ts';
import { smallHistories } from './linearizable/small-histories.ts';
import { check } from './story.ts';

/** Small histories of a set that is read whole; lies leave elements out, or put others in, or one twice. */
const SETS = smallHistories({
  object: {
    init: [] as readonly number[],
    apply: (state, f, value) =>
      f === 'read'
        ? { state, type: 'ok', value: state }
        : { state: [...new Set([...state, value as number])], type: 'ok', value },
  },
  invocation: (pick) => (pick % 2 === 0 ? { f: 'read', value: null } : { f: 'add', value: pick % 5 }),
  lie: (f, value, lie) => ({
    type: f === 'add' ? 'fail' : 'ok',
    value: f === 'add' ? value : [0, 1, 2, 3, 4, 4].filter((_, i) => (lie >> i) % 2 === 1),
  }),
});

interface Facts {
  readonly element: number;
  /** Adds that may have taken effect. */
  readonly adds: readonly Operation[];
  readonly reads: readonly Operation[];
}

function held(read: Operation): readonly unknown[] {
  return read.result as readonly unknown[];
}

function factsOf(history: History): Facts[] {
  const ops = operationsOf(history);
  const reads = ops.filter((op) => op.f === 'read' && op.outcome === 'ok');
  return [0, 1, 2, 3, 4].map((element) => {
    const adds = ops.filter((op) => op.f === 'add' && op.argument === element && op.outcome !== 'fail');
    return { element, adds, reads };
  });
}

/** A read holds it, though no add that may have taken effect had begun. */
function isUnexpected({ element, adds, reads }: Facts): boolean {
  return reads.some((read) => held(read).includes(element) && !adds.some((add) => add.begin < read.end));
}

function isDuplicated({ element, reads }: Facts): boolean {
  return reads.some((read) => held(read).filter((value) => value === element).length > 1);
}

/** When the first add was acknowledged, or a read that holds it ended. */
function knownAt({ element, adds, reads }: Facts): number {
  const seen = reads.filter((read) => held(read).includes(element));
  return Math.min(...[...adds.filter(({ outcome }) => outcome === 'ok'), ...seen].map(({ end }) => end));
}

/** A read that began after it was known lacks it, and so does each that ended after that began. */
function isLost(facts: Facts): boolean {
  const { element, adds, reads } = facts;
  const known = knownAt(facts);
  return (
    adds.length > 0 &&
    reads.some(
      (read) =>
        read.begin > known &&
        reads.every((later) => later.end < read.begin || !held(later).includes(element)),
    )
  );
}

/** A read that began after it was known lacks it, and yet it was not lost. */
function isStale(facts: Facts): boolean {
  const known = knownAt(facts);
  const missed = facts.reads.some((read) => read.begin > known && !held(read).includes(facts.element));
  return facts.adds.length > 0 && missed && !isLost(facts);
}

/** The last read that succeeded lacks what was acknowledged before it began. */
function isMissingAtLast({ element, adds, reads }: Facts): boolean {
  const last = reads.at(-1);
  if (last === undefined || held(last).includes(element)) return false;
  return adds.some(({ outcome, end }) => outcome === 'ok' && end < last.begin);
}

/** The last read holds what nobody added before it ended. */
function isUnexpectedAtLast({ element, adds, reads }: Facts): boolean {
  return isUnexpected({ element, adds, reads: reads.slice(-1) });
}

type Definition = readonly [kind: string, holds: (facts: Facts) => boolean];

const CASES: readonly [Checker, readonly Definition[]][] = [
  [
    setFull({ linearizable: true }),
    [
      ['lost', isLost],
      ['stale', isStale],
      ['duplicated', isDuplicated],
      ['unexpected', isUnexpected],
    ],
  ],
  [
    set(),
    [
      ['lost', isMissingAtLast],
      ['unexpected', isUnexpectedAtLast],
    ],
  ],
];

test.each(CASES)(
  '$name finds on small histories what its definitions say, and no more',
  (checker, defined) => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(SETS, (history) => {
        const { anomalies } = check(checker, history);
        for (const [kind, holds] of defined) {
          const right = factsOf(history).filter(holds).length;
          const found = anomalies.filter((anomaly) => anomaly.kind === kind).length;
          // A set tells each add that was lost, also two of one element.
          if (checker.name === 'set-full') expect(found, kind).toBe(right);
          expect(found > 0, kind).toBe(right > 0);
          if (right > 0) seen.set(kind, (seen.get(kind) ?? 0) + 1);
        }
      }),
      fuzz(2000, 1),
    );
    for (const [kind] of defined) expect(seen.get(kind), kind).toBeGreaterThan(30);
  },
);

/** Small histories of a queue whose elements come again, drained now and then. */
const QUEUES = smallHistories(
  {
    object: {
      init: [] as readonly number[],
      apply: (state, f, value) => {
        if (f === 'enqueue') return { state: [...state, value as number], type: 'ok', value };
        if (f === 'drain') return { state: [], type: 'ok', value: state };
        return state.length === 0
          ? { state, type: 'fail', value: null, error: 'empty' }
          : { state: state.slice(1), type: 'ok', value: state[0] };
      },
    },
    invocation: (pick) =>
      pick % 3 === 0
        ? { f: 'drain', value: null }
        : pick % 2 === 0
          ? { f: 'enqueue', value: pick % 3 }
          : { f: 'dequeue', value: null },
    lie: (f, value, lie) => ({
      type: 'ok',
      value: f === 'enqueue' ? value : f === 'drain' ? [0, 1, 2].slice(lie % 4) : lie % 4,
    }),
  },
  12,
);

/** The same, drained at the end: of a few elements. */
const DRAINED = fc.tuple(QUEUES, fc.nat(7)).map(([history, some]) => {
  const time = history.length * 1e6;
  const last = { process: 99, f: 'drain', time };
  const value = [0, 1, 2].filter((_, i) => (some >> i) % 2 === 1);
  return historyOf([...history, { ...last, type: 'invoke', value: null }, { ...last, type: 'ok', value }]);
});

function takenOf(op: Operation): readonly unknown[] {
  if (op.outcome !== 'ok' || op.f === 'enqueue') return [];
  return op.f === 'drain' ? (op.result as readonly unknown[]) : op.result === null ? [] : [op.result];
}

test('queue and total-queue find on small histories what their definitions say, and no more', () => {
  const seen = { lost: 0, unexpected: 0, duplicated: 0 };
  fc.assert(
    fc.property(DRAINED, (history) => {
      const ops = operationsOf(history);
      const enqueues = ops.filter((op) => op.f === 'enqueue');
      const takes = ops.filter((op) => takenOf(op).length > 0);
      const answered = (op: Operation) => Math.max(op.begin, history.pair[op.begin]!);
      const empty = ops.some(
        (op) =>
          enqueues.every((enqueue) => answered(enqueue) < op.begin) &&
          ((op.f === 'drain' && op.outcome === 'ok') ||
            (op.f === 'dequeue' && op.outcome === 'fail' && history.error(op.event) === 'empty') ||
            (op.f === 'dequeue' && op.outcome === 'ok' && op.result === null)),
      );
      const unknown = ops.filter((op) => op.f !== 'enqueue' && op.outcome === 'info');
      const right = { lost: 0, unexpected: 0, duplicated: 0 };
      let lost = 0;
      for (const element of [0, 1, 2, 3]) {
        const may = enqueues.filter((op) => op.argument === element && op.outcome !== 'fail');
        const taken = takes.flatMap((op) =>
          takenOf(op)
            .filter((value) => value === element)
            .map(() => op),
        );
        const early = taken.some((op) => !may.some((enqueue) => enqueue.begin < op.end));
        if (early) right.unexpected++;
        if (may.length > 0 && taken.length > may.length) right.duplicated++;
        lost += Math.max(0, may.filter(({ outcome }) => outcome === 'ok').length - taken.length);
      }
      const excused = unknown.some(({ f }) => f === 'drain') || lost <= unknown.length;
      if (empty && !excused) right.lost = lost;
      for (const [checker, kinds] of [
        [totalQueue({ duplicates: false }), ['lost', 'unexpected', 'duplicated']],
        [queue(), ['unexpected', 'duplicated']],
      ] as const) {
        const { anomalies } = check(checker, history);
        for (const kind of kinds) {
          const found = anomalies.filter((anomaly) => anomaly.kind === kind).length;
          expect(found, `${checker.name}: ${kind}`).toBe(right[kind]);
          if (right[kind] > 0) seen[kind]++;
        }
      }
    }),
    fuzz(2000, 1),
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(30);
});
