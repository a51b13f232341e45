import { expect, test } from 'vitest';
import { registry } from '../../src/campaign/registry.ts';
import { judge, performSpec } from '../../src/campaign/run-spec.ts';
import { messageHash } from '../../src/sim/feature-hash.ts';
import { Sketch } from '../../src/sim/sketch.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import type { ScriptedFault } from '../../src/spec/script.ts';

async function run(faults: readonly ScriptedFault[], coverage = true) {
  const resolved = resolveSpec(
    { system: 'raft', nemeses: [], timeLimit: 2e9, settle: 0, seed: 1, script: { faults: [...faults] } },
    registry,
  );
  const performed = await performSpec(resolved, { coverage });
  return { features: performed.features, fingerprint: judge(resolved, performed).fingerprint };
}

test('the same run shows the same, and whoever watches it changes nothing', async () => {
  const first = await run([]);
  expect(first.features!.size).toBeGreaterThan(50);
  expect((await run([])).features).toEqual(first.features);
  expect(await run([], false)).toEqual({ features: undefined, fingerprint: first.fingerprint });
});

test('a run in which a fault happens shows what one without does not', async () => {
  const calm = (await run([])).features!;
  const killed = (await run([{ at: 1e9, kind: 'process/kill', node: 'n1' }])).features!;
  const paused = (await run([{ at: 1e9, kind: 'process/pause', node: 'n1' }])).features!;
  const onlyIn = (a: ReadonlySet<number>, b: ReadonlySet<number>) =>
    [...a].filter((one) => !b.has(one)).length;
  expect(onlyIn(killed, calm)).toBeGreaterThan(5);
  expect(onlyIn(paused, killed)).toBeGreaterThan(5);
});

test('messages are told apart by their types and flags, not by the values that they carry', () => {
  const vote = { type: 'vote', term: 3, granted: true };
  expect(messageHash({ ...vote, term: 7 })).toBe(messageHash(vote));
  expect(messageHash({ ...vote, granted: false })).not.toBe(messageHash(vote));
  expect(messageHash({ ...vote, type: 'append' })).not.toBe(messageHash(vote));
  expect(messageHash({ message: vote })).not.toBe(messageHash({ message: { type: 'append' } }));
});

test('states are compared by which numbers are greater, and told apart by their words', () => {
  const sketch = (state: object) => {
    const made = new Sketch();
    made.take(state, undefined);
    return made;
  };
  const node = (term: number, role = 'follower') =>
    sketch({ term, role, log: [{ term }], heardAt: term * 1e9 });
  const compared = node(2).comparedWith(node(1));
  expect(node(9).comparedWith(node(4))).toBe(compared);
  expect(node(1).comparedWith(node(2))).not.toBe(compared);
  expect(node(2).comparedWith(node(2))).not.toBe(compared);
  expect(node(2, 'leader').comparedWith(node(1))).not.toBe(compared);
});
