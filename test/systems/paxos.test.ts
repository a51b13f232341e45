import { expect, test } from 'vitest';
import { PaxosNode } from '../../src/systems/sim/paxos/program.ts';
import type { Query } from '../../src/systems/sim/shared/request-client.ts';
import { accept, newAcceptor, promise } from '../../src/systems/sim/shared/synod/acceptor.ts';
import { begin, newProposer, notePromise, propose } from '../../src/systems/sim/shared/synod/proposer.ts';
import type { SynodMessage } from '../../src/systems/sim/shared/synod/synod.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import { NodeBench } from './node-bench.ts';
import { findings, run } from './run.ts';

const NO_BUGS: ReadonlySet<string> = new Set();
const b = (round: number, node = 'n9') => ({ round, node });

test('an acceptor that has promised a ballot takes no part in lower ones', () => {
  const acceptor = newAcceptor();
  expect(promise(acceptor, b(2))).toBe(true);
  expect(promise(acceptor, b(1))).toBe(false);
  expect(accept(acceptor, { ballot: b(1), value: 'a' }, NO_BUGS)).toBe(false);
  expect(acceptor.accepted).toBeNull();
  expect(accept(acceptor, { ballot: b(2), value: 'b' }, NO_BUGS)).toBe(true);
});

test('of two ballots of the same round the one of the greater node is higher', () => {
  const acceptor = newAcceptor();
  promise(acceptor, b(1, 'n2'));
  expect(promise(acceptor, b(1, 'n1'))).toBe(false);
  expect(promise(acceptor, b(1, 'n3'))).toBe(true);
});

test('a proposer proposes the accepted value of the highest ballot that was reported', () => {
  const proposer = newProposer('own');
  begin(proposer, b(5));
  notePromise(proposer, 'n1', { ballot: b(3), value: 'three' });
  notePromise(proposer, 'n2', { ballot: b(1), value: 'one' });
  notePromise(proposer, 'n3', null);
  propose(proposer, NO_BUGS);
  expect(proposer.value).toBe('three');
});

test('a proposer proposes its own value where nothing was accepted', () => {
  const proposer = newProposer('own');
  begin(proposer, b(1));
  notePromise(proposer, 'n1', null);
  propose(proposer, NO_BUGS);
  expect(proposer.value).toBe('own');
});

function node(): NodeBench<SynodMessage, Query> {
  return new NodeBench<SynodMessage, Query>(
    (context) => new PaxosNode(context, { bugs: NO_BUGS, resend: 100 * MILLISECOND }),
  );
}

const PROPOSE: Query = { f: 'propose', key: 'x', value: 'mine' };
const FIRST = b(1, 'n1');

test('a value is decided once a majority has accepted it', () => {
  const bench = node();
  bench.ask(PROPOSE);
  bench.sync();
  expect(bench.take()).toMatchObject([
    { to: 'n2', message: { type: 'prepare', ballot: FIRST } },
    { to: 'n3', message: { type: 'prepare', ballot: FIRST } },
  ]);
  bench.receive('n2', { type: 'promise', key: 'x', ballot: FIRST, accepted: null });
  bench.sync();
  expect(bench.take()).toMatchObject([
    { message: { type: 'accept', ballot: FIRST, value: 'mine' } },
    { message: { type: 'accept', ballot: FIRST, value: 'mine' } },
  ]);
  expect(bench.takeAnswers()).toEqual([]);
  bench.receive('n3', { type: 'accepted', key: 'x', ballot: FIRST });
  expect(bench.takeAnswers()).toEqual([{ type: 'ok', value: 'mine' }]);
});

test('an answer that comes twice is one vote', () => {
  const bench = new NodeBench<SynodMessage, Query>(
    (context) => new PaxosNode(context, { bugs: NO_BUGS, resend: SECOND }),
    ['n1', 'n2', 'n3', 'n4', 'n5'],
  );
  bench.ask(PROPOSE);
  bench.sync();
  bench.take();
  bench.receive('n2', { type: 'promise', key: 'x', ballot: FIRST, accepted: null });
  bench.receive('n2', { type: 'promise', key: 'x', ballot: FIRST, accepted: null });
  bench.sync();
  expect(bench.take()).toEqual([]);
});

test('nobody is asked before the ballot is on the disk, and no later life uses it again', () => {
  const bench = node();
  bench.ask(PROPOSE);
  expect(bench.take()).toEqual([]);
  bench.sync();
  expect(bench.take()).toHaveLength(2);
  bench.losePowerAndRestart();
  bench.ask(PROPOSE);
  bench.sync();
  expect(bench.take()).toMatchObject([
    { message: { type: 'prepare', ballot: b(2, 'n1') } },
    { message: { type: 'prepare', ballot: b(2, 'n1') } },
  ]);
});

test('a promise is told once it is on the disk, and holds after a power loss', () => {
  const bench = node();
  bench.receive('n3', { type: 'prepare', key: 'x', ballot: b(7) });
  expect(bench.take()).toEqual([]);
  bench.sync();
  expect(bench.take()).toMatchObject([{ to: 'n3', message: { type: 'promise', accepted: null } }]);
  bench.losePowerAndRestart();
  bench.receive('n2', { type: 'accept', key: 'x', ballot: b(6), value: 'late' });
  bench.sync();
  expect(bench.take()).toMatchObject([{ to: 'n2', message: { type: 'refused', promised: b(7) } }]);
});

test('what was accepted is reported after a power loss', () => {
  const bench = node();
  bench.receive('n3', { type: 'accept', key: 'x', ballot: b(7), value: 'kept' });
  bench.sync();
  bench.take();
  bench.losePowerAndRestart('torn');
  bench.receive('n2', { type: 'prepare', key: 'x', ballot: b(8) });
  bench.sync();
  expect(bench.take()).toMatchObject([
    { message: { type: 'promise', accepted: { ballot: b(7), value: 'kept' } } },
  ]);
});

test('who is outbid tries again with a higher ballot, and takes over what it then finds', () => {
  const bench = node();
  bench.ask(PROPOSE);
  bench.sync();
  bench.take();
  bench.receive('n2', { type: 'refused', key: 'x', ballot: FIRST, promised: b(4) });
  bench.wait(50 * MILLISECOND);
  bench.sync();
  const again = b(5, 'n1');
  expect(bench.take()).toMatchObject([{ message: { ballot: again } }, { message: { ballot: again } }]);
  const accepted = { ballot: b(4), value: 'theirs' };
  bench.receive('n2', { type: 'promise', key: 'x', ballot: again, accepted });
  bench.sync();
  expect(bench.take()).toMatchObject([{ message: { value: 'theirs' } }, { message: { value: 'theirs' } }]);
  bench.receive('n2', { type: 'accepted', key: 'x', ballot: again });
  expect(bench.takeAnswers()).toEqual([{ type: 'ok', value: 'theirs' }]);
});

test('what was decided is the answer to every later proposal', () => {
  const bench = node();
  bench.ask(PROPOSE);
  bench.ask({ ...PROPOSE, value: 'second' });
  bench.sync();
  bench.receive('n2', { type: 'promise', key: 'x', ballot: FIRST, accepted: null });
  bench.sync();
  bench.receive('n2', { type: 'accepted', key: 'x', ballot: FIRST });
  bench.ask({ ...PROPOSE, value: 'third' });
  expect(bench.takeAnswers()).toEqual(Array(3).fill({ type: 'ok', value: 'mine' }));
});

test.each(['promise-not-persisted', 'accepts-lower-ballot', 'keeps-own-value', 'majority-of-half'])(
  '%s is found',
  async (bug) => {
    for (let seed = 1; seed <= 2; seed++) {
      const outcome = await run({ system: 'paxos', bug, seed });
      expect(findings(outcome).anomalies).toContain('agreement');
    }
  },
);

test('a proposer that asks once is safe and not live', async () => {
  const outcome = await run({ system: 'paxos', bug: 'asks-once', seed: 1, timeLimit: 6 * SECOND });
  expect(findings(outcome).anomalies).toContain('termination');
  const failed = outcome.verdicts.filter(({ valid }) => valid === false);
  expect(failed.every(({ property }) => property === 'liveness')).toBe(true);
});

test('the right one is never accused', async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const outcome = await run({ system: 'paxos', seed });
    expect(findings(outcome)).toEqual({ anomalies: [], vacuous: [] });
  }
});
