import { expect, test } from 'vitest';
import { SECOND } from '../../src/world/nanos.ts';
import { findings, run } from './run.ts';

const RELIABLE = ['best-effort', 'reliable'];

/** The systems of the family, and the levels of broadcast that each reaches also where it is at its worst. */
const SYSTEMS: readonly (readonly [system: string, levels: readonly string[]])[] = [
  ['best-effort-broadcast', ['best-effort']],
  ['reliable-broadcast', RELIABLE],
  ['gossip-broadcast', RELIABLE],
  ['fifo-broadcast', [...RELIABLE, 'fifo']],
  ['causal-broadcast', [...RELIABLE, 'fifo', 'causal']],
  ['total-order-broadcast', [...RELIABLE, 'total-order']],
  ['lamport-total-order-broadcast', [...RELIABLE, 'fifo', 'causal', 'total-order', 'fifo-total-order']],
  ['fifo-total-order-broadcast', [...RELIABLE, 'fifo', 'causal', 'total-order', 'fifo-total-order']],
];

test.each(SYSTEMS)(
  '%s is never accused, and keeps what it promises and what that implies',
  async (system, levels) => {
    for (let seed = 1; seed <= 3; seed++) {
      const outcome = await run({ system, seed, timeLimit: 5 * SECOND });
      expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
      expect(outcome.verdicts[0]!.details!.levels).toEqual(expect.arrayContaining([...levels]));
    }
  },
);

/** Both met a gap that never closes: a message that only its sender had, which died. */
test.each([5036, 5068])('gossip passes on what a dead sender left, seed %i', async (seed) => {
  const model = { nodes: 'crash-stop' } as const;
  const outcome = await run({ system: 'gossip-broadcast', seed, model, rate: 40, timeLimit: 4 * SECOND });
  expect(findings(outcome).anomalies).toEqual([]);
});

test.each([
  ['best-effort-broadcast', 'no-retry', 'delivery'],
  ['best-effort-broadcast', 'no-dedupe', 'duplication'],
  ['reliable-broadcast', 'no-retry', 'delivery-agreement'],
  ['reliable-broadcast', 'no-dedupe', 'duplication'],
  ['gossip-broadcast', 'no-anti-entropy', 'delivery-agreement'],
  ['gossip-broadcast', 'no-relay', 'delivery-agreement'],
  ['gossip-broadcast', 'no-dedupe', 'duplication'],
  ['fifo-broadcast', 'no-hold-back', 'fifo-order'],
  ['fifo-broadcast', 'sequence-reset', 'self-delivery'],
  ['causal-broadcast', 'deliveries-left-out', 'causal-order'],
  ['causal-broadcast', 'strict-comparison', 'self-delivery'],
  ['lamport-total-order-broadcast', 'ties-not-broken', 'total-order'],
  ['lamport-total-order-broadcast', 'does-not-wait', 'total-order'],
])('%s: %s is found', async (system, bug, kind) => {
  const outcome = await run({ system, bug, seed: 1, timeLimit: 10 * SECOND });
  expect(findings(outcome).anomalies).toContain(kind);
});

/** Those that need a fault at the right moment: within a few seeds. */
test.each([
  ['reliable-broadcast', 'no-relay', 'delivery-agreement'],
  ['total-order-broadcast', 'delivers-on-receipt', 'delivery-agreement'],
  ['fifo-total-order-broadcast', 'no-hold-back', 'fifo-order'],
  ['fifo-total-order-broadcast', 'delivers-on-receipt', 'delivery-agreement'],
])('%s: %s is found within a few seeds', async (system, bug, kind) => {
  const found = new Set<string>();
  for (let seed = 1; seed <= 6 && !found.has(kind); seed++)
    for (const each of findings(await run({ system, bug, seed, timeLimit: 10 * SECOND })).anomalies)
      found.add(each);
  expect(found).toContain(kind);
});

test('a best-effort broadcast is no reliable one once a sender dies halfway', async () => {
  const nemeses = 'kill:restart=no,partition:interval=500ms';
  const levels = new Set<string>();
  for (let seed = 1; seed <= 6; seed++) {
    const outcome = await run({ system: 'best-effort-broadcast', seed, nemeses, timeLimit: 10 * SECOND });
    expect(outcome.valid).toBe(true);
    levels.add(String(outcome.verdicts[0]!.details!.levels));
  }
  expect(levels).toContain('best-effort');
});

test("a node that dies for good stops a total order by Lamport's clocks, which promises nothing it can't keep", async () => {
  const outcome = await run({
    system: 'lamport-total-order-broadcast',
    seed: 1,
    nemeses: 'kill:restart=no,interval=1s',
    timeLimit: 10 * SECOND,
  });
  expect(findings(outcome).anomalies).toEqual([]);
  expect(
    outcome.verdicts.find(({ checker }) => checker === 'stats')!.counts['broadcast info'],
  ).toBeGreaterThan(0);
});
