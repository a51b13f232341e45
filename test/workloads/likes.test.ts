import { expect, test } from 'vitest';
import { DEFAULT_BUDGET } from '../../checkers/checker.ts';
import { historyOf } from '../../histories/builder.ts';
import type { Planned } from '../../src/generator/generator.ts';
import { limit } from '../../src/generator/limits.ts';
import { stagger } from '../../src/generator/pace.ts';
import { phases } from '../../src/generator/sequence.ts';
import { type SimulatedCompletion, simulateGenerator } from '../../src/generator/simulate.ts';
import { onClients } from '../../src/generator/threads.ts';
import { MILLISECOND } from '../../src/world/nanos.ts';
import { likes } from '../../workloads/likes.ts';
import { optionsFor } from './options.ts';

const OPERATIONS = 300;

/** Plays the workload and its end on a set that forgets what it is told to. */
function played(forget: (op: Planned, nth: number) => boolean = () => false) {
  const options = optionsFor(likes, { parameters: { 'max-updates': 10 } });
  const liked = new Set<string>();
  let updates = 0;
  const complete = (op: Planned): SimulatedCompletion => {
    const like = `${op.key} ${op.value}`;
    const value = liked.has(like) !== (op.f === 'add');
    if (op.f !== 'contains' && !forget(op, ++updates)) {
      if (op.f === 'add') liked.add(like);
      else liked.delete(like);
    }
    return { type: 'ok', value, after: MILLISECOND };
  };
  const updated = limit(OPERATIONS, stagger(2 * MILLISECOND, likes.generator(options)));
  const generator = onClients(phases(updated, likes.finale(options)));
  const events = simulateGenerator(generator, { concurrency: 4, complete });
  const verdicts = likes
    .checkers(options)
    .map((checker) => checker.check(historyOf(events), { budget: DEFAULT_BUDGET }));
  return { invoked: events.filter(({ type }) => type === 'invoke'), verdicts };
}

test('posts give way to others, and in the end each user of each post is asked for', () => {
  const { invoked } = played();
  const run = invoked.slice(0, OPERATIONS);
  const posts = [...new Set(run.map(({ key }) => key))];
  expect(posts.length).toBeGreaterThan(10);
  expect(new Set(run.map(({ f }) => f))).toEqual(new Set(['add', 'remove', 'contains']));
  const asked = invoked.slice(OPERATIONS).map(({ f, key, value }) => `${f} ${key} ${value}`);
  expect(asked.sort()).toEqual(
    posts.flatMap((key) => [1, 2, 3].map((user) => `contains ${key} ${user}`)).sort(),
  );
});

test('its checkers pass a right set, not vacuously, and accuse one that loses an update', () => {
  const right = played().verdicts;
  expect(right.map(({ checker }) => checker)).toEqual(['linearizable', 'stats']);
  for (const verdict of right) expect(verdict).toMatchObject({ valid: true, vacuous: [] });
  // Those after which nothing changes are no loss: of a few in a row some are.
  expect(played((_, nth) => nth >= 50 && nth < 60).verdicts[0]!.valid).toBe(false);
});
