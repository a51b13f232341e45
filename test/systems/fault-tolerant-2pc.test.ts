import { expect, test } from 'vitest';
import { count, newTally } from '../../src/systems/sim/fault-tolerant-2pc/votes.ts';
import { SECOND } from '../../src/world/nanos.ts';
import { findings, run } from './run.ts';

const vote = (node: string, what: 'yes' | 'no') => ({
  txn: 1,
  participants: ['n1', 'n2'],
  node,
  vote: what,
});

test('the last yes decides to commit, and a no in the name of somebody who had said yes comes too late', () => {
  const tally = newTally();
  expect(count(tally, vote('n1', 'yes'))).toBe(null);
  expect(count(tally, vote('n1', 'no'))).toBe(null);
  expect(count(tally, vote('n2', 'yes'))).toBe('commit');
  expect(count(tally, vote('n2', 'no'))).toBe(null);
  expect(tally.decision).toBe('commit');
});

test('the first no decides to abort, and a later yes of that node counts for nothing', () => {
  const tally = newTally();
  expect(count(tally, vote('n2', 'no'))).toBe('abort');
  expect(count(tally, vote('n2', 'yes'))).toBe(null);
  expect(count(tally, vote('n1', 'yes'))).toBe(null);
  expect(tally.decision).toBe('abort');
});

test.each(['votes-without-order', 'aborts-after-yes'])('%s is found', async (bug) => {
  const outcome = await run({ system: 'fault-tolerant-2pc', bug, seed: 1, timeLimit: 10 * SECOND });
  expect(findings(outcome).anomalies).toContain('agreement');
});

test('whoever waits for the dead stays in doubt, which breaks non-blocking and nothing that is of safety', async () => {
  const bug = 'waits-for-the-dead';
  const outcome = await run({ system: 'fault-tolerant-2pc', bug, seed: 1, timeLimit: 6 * SECOND });
  const verdict = outcome.verdicts.find(({ checker }) => checker === 'non-blocking')!;
  expect(verdict).toMatchObject({ property: 'liveness', valid: false });
  expect(findings(outcome).anomalies).toContain('in-doubt');
  expect(outcome.verdicts.find(({ checker }) => checker === 'atomic-commit')!.valid).toBe(true);
});

test('nobody stays in doubt though coordinators crash for good, and no swarm brings an accusation', async () => {
  const nemeses = [undefined, undefined, 'kill:restart=no,interval=500ms'];
  for (const [i, given] of nemeses.entries()) {
    const rest = given === undefined ? {} : { nemeses: given };
    const outcome = await run({ system: 'fault-tolerant-2pc', seed: i + 1, timeLimit: 10 * SECOND, ...rest });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
    expect(outcome.verdicts[0]!.counts.inDoubt).toBe(0);
  }
});
