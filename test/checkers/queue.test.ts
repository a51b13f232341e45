import fc from 'fast-check';
import { expect, test } from 'vitest';
import { queue } from '../../checkers/queue.ts';
import { totalQueue } from '../../checkers/total-queue.ts';
import { historyOf } from '../../histories/builder.ts';
import { fuzz } from './effort.ts';
import { blamed, check, type Told, tell } from './story.ts';

const enqueue = (process: number, value: unknown, more: Partial<Told> = {}): Told => ({
  process,
  f: 'enqueue',
  argument: value,
  ...more,
});
const dequeue = (process: number, value: unknown, more: Partial<Told> = {}): Told => ({
  process,
  f: 'dequeue',
  result: value,
  ...more,
});
const drain = (process: number, values: unknown, more: Partial<Told> = {}): Told => ({
  process,
  f: 'drain',
  result: values,
  ...more,
});

const blame = (checker: typeof queue, ...story: Told[]): string[] => {
  const history = tell(...story);
  return blamed(history, check(checker(), history));
};

test('what goes in once and comes out once is right, in any order', () => {
  const history = tell(
    enqueue(0, 1),
    enqueue(1, 2),
    dequeue(2, 2),
    enqueue(0, 3, { outcome: 'info' }),
    drain(3, [3, 1]),
    dequeue(2, null),
  );
  expect(check(queue(), history)).toMatchObject({
    valid: true,
    vacuous: [],
    counts: { enqueued: 3, dequeued: 3 },
  });
  expect(check(totalQueue({ duplicates: false }), history)).toMatchObject({
    valid: true,
    vacuous: [],
    counts: { acknowledged: 2, ok: 3, recovered: 1 },
  });
});

test('what nobody enqueued, or whose enqueue failed or came later, is unexpected', () => {
  for (const checker of [queue, totalQueue]) {
    expect(blame(checker, dequeue(1, 7), drain(2, []))).toEqual(['unexpected: 1 dequeue']);
    expect(blame(checker, enqueue(0, 7, { outcome: 'fail' }), dequeue(1, 7))).toEqual([
      'unexpected: 0 enqueue, 1 dequeue',
    ]);
    expect(blame(checker, dequeue(1, 7), enqueue(0, 7))).toEqual(['unexpected: 0 enqueue, 1 dequeue']);
  }
});

test('an element that comes out twice is duplicated, where that is forbidden', () => {
  const story = [enqueue(0, 7), dequeue(1, 7), drain(2, [7])];
  expect(blame(queue, ...story)).toEqual(['duplicated: 0 enqueue, 1 dequeue, 2 drain']);
  expect(blame(() => totalQueue({ duplicates: false }), ...story)).toEqual([
    'duplicated: 0 enqueue, 1 dequeue, 2 drain',
  ]);
  expect(check(totalQueue(), tell(...story))).toMatchObject({ valid: true, counts: { duplicates: 1 } });
  expect(blame(queue, enqueue(0, 7), enqueue(0, 7), ...story.slice(1))).toEqual([]);
});

test('an acknowledged element that is not there when the queue is empty is lost', () => {
  expect(blame(totalQueue, enqueue(0, 7), enqueue(1, 8), dequeue(2, 8), drain(3, []))).toEqual([
    'lost: 0 enqueue, 3 drain',
  ]);
  expect(blame(totalQueue, enqueue(0, 7), dequeue(3, null))).toEqual(['lost: 0 enqueue, 3 dequeue']);
  expect(blame(totalQueue, enqueue(0, 7, { outcome: 'info' }), drain(3, []))).toEqual([]);
  const refused = historyOf([
    { process: 0, f: 'enqueue', value: 7, type: 'invoke', time: 0 },
    { process: 0, f: 'enqueue', value: 7, type: 'ok', time: 1 },
    { process: 1, f: 'dequeue', value: null, type: 'invoke', time: 2 },
    { process: 1, f: 'dequeue', value: null, type: 'fail', time: 3, error: 'empty' },
  ]);
  expect(blamed(refused, check(totalQueue(), refused))).toEqual(['lost: 0 enqueue, 1 dequeue']);
});

test('as many lost elements are forgiven as dequeues of unknown outcome may have taken', () => {
  const unknown = dequeue(2, null, { outcome: 'info' });
  expect(blame(totalQueue, enqueue(0, 7), unknown, drain(3, []))).toEqual([]);
  expect(blame(totalQueue, enqueue(0, 7), enqueue(0, 8), unknown, drain(3, []))).toHaveLength(2);
  expect(
    blame(totalQueue, enqueue(0, 7), enqueue(0, 8), drain(2, [], { outcome: 'info' }), drain(3, [])),
  ).toEqual([]);
});

test('a queue that was never seen empty is vacuous, and nothing is called lost', () => {
  const why = (...story: Told[]): readonly string[] => check(totalQueue(), tell(...story)).vacuous;
  expect(why(enqueue(0, 7))).toEqual(['the queue was never seen empty after the last enqueue']);
  expect(why(drain(1, []), enqueue(0, 7))).toEqual(['the queue was never seen empty after the last enqueue']);
  expect(why(drain(1, []))).toEqual(['nothing was ever enqueued']);
  expect(check(queue(), tell(enqueue(0, 7))).vacuous).toEqual(['nothing was ever dequeued']);
});

/** A right run of a queue: enqueues and dequeues at random, then a drain of the rest. */
function rightRun(choices: readonly boolean[]): Told[] {
  const held: number[] = [];
  const story = choices.map((put, i): Told => {
    if (put || held.length === 0) {
      held.push(i);
      return enqueue(i % 4, i);
    }
    return dequeue(i % 4, held.shift());
  });
  return [...story, drain(9, held)];
}

test('one planted violation in a right run is found, and the right element blamed', () => {
  const runs = fc.array(fc.boolean(), { minLength: 4, maxLength: 40, size: 'max' });
  fc.assert(
    fc.property(
      runs,
      fc.nat(),
      fc.constantFrom('lost', 'unexpected', 'duplicated'),
      (choices, choice, kind) => {
        const story = rightRun(choices);
        expect(check(totalQueue({ duplicates: false }), tell(...story)).valid).toBe(true);
        const puts = story.flatMap((told, i) => (told.f === 'enqueue' ? [i] : []));
        const victim = puts[choice % puts.length]!;
        const planted = story.flatMap((told, i): Told[] => {
          if (kind === 'unexpected') return i === victim ? [enqueue(8, 'other')] : [told];
          if (kind === 'duplicated') return i === story.length - 1 ? [dequeue(8, victim), told] : [told];
          if (told.f === 'dequeue' && told.result === victim) return [];
          if (told.f === 'drain')
            return [
              drain(
                9,
                (told.result as number[]).filter((value) => value !== victim),
              ),
            ];
          return [told];
        });
        const history = tell(...planted.map((told, i) => ({ ...told, from: 10 * i, to: 10 * i + 5 })));
        const verdict = check(totalQueue({ duplicates: false }), history);
        const found = verdict.anomalies.filter((anomaly) => anomaly.kind === kind);
        expect(found).toHaveLength(1);
        expect(found[0]!.message).toContain(`${victim}`);
        if (kind !== 'unexpected') expect(verdict.anomalies).toHaveLength(1);
      },
    ),
    fuzz(300, 1),
  );
});
