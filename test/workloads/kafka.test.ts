import { expect, test } from 'vitest';
import { DEFAULT_BUDGET } from '../../checkers/checker.ts';
import { historyOf } from '../../histories/builder.ts';
import type { Op } from '../../histories/op.ts';
import type { Planned } from '../../src/generator/generator.ts';
import { limit } from '../../src/generator/limits.ts';
import { stagger } from '../../src/generator/pace.ts';
import { phases } from '../../src/generator/sequence.ts';
import { type SimulatedCompletion, simulateGenerator } from '../../src/generator/simulate.ts';
import { onClients } from '../../src/generator/threads.ts';
import { emptyStateMachine, operationOf, perform } from '../../src/systems/sim/shared/state-machine.ts';
import { MILLISECOND, SECOND } from '../../src/world/nanos.ts';
import { kafka } from '../../workloads/kafka.ts';
import { findings, run } from '../systems/run.ts';
import { optionsFor } from './options.ts';

type Complete = (op: Planned) => SimulatedCompletion;

const OPTIONS = optionsFor(kafka, { functions: ['assign', 'send', 'poll', 'txn'] });

/** Logs that take each operation at once and answer after 5 ms; `lose` says which messages they only seem to take. */
function logs(lose: (nth: number) => boolean = () => false): Complete {
  const machine = emptyStateMachine();
  let sends = 0;
  return ({ f, value }) => {
    const answer = perform(machine, operationOf('kafka', { f, value }));
    if (f === 'send' && lose(++sends))
      for (const log of machine.logs.values())
        if (log.at(-1) === (value as [string, string, number][])[0]![2]) log.pop();
    return { ...answer, after: 5 * MILLISECOND };
  };
}

function play(complete: Complete): Op[] {
  const operations = limit(400, stagger(MILLISECOND, kafka.generator(OPTIONS)));
  return simulateGenerator(onClients(phases(operations, kafka.finale(OPTIONS))), {
    concurrency: OPTIONS.concurrency,
    complete,
  });
}

function judged(events: readonly Op[]) {
  return kafka.checkers(OPTIONS)[0]!.check(historyOf(events), { budget: DEFAULT_BUDGET });
}

test('right logs pass, and every message is polled in the end', () => {
  const verdict = judged(play(logs()));
  expect(verdict).toMatchObject({ valid: true, vacuous: [] });
  expect(verdict.counts.polled).toBe(verdict.counts.sent);
});

test('a client polls from where it left off, and from the beginning of what it is assigned', () => {
  const next = new Map<string, number>();
  for (const { process, type, f, value } of play(logs())) {
    if (type === 'ok' && f === 'assign')
      for (const log of value as string[]) next.set(`${process} ${log}`, 0);
    for (const [kind, polled] of f === 'assign' ? [] : (value as [string, Record<string, unknown>][])) {
      if (kind !== 'poll') continue;
      for (const [log, at] of Object.entries(polled)) {
        if (type === 'invoke') expect(at).toBe(next.get(`${process} ${log}`));
        else next.set(`${process} ${log}`, next.get(`${process} ${log}`)! + (at as unknown[]).length);
      }
    }
  }
  expect(next.size).toBeGreaterThan(8);
});

test('a message that is acknowledged and forgotten is found, and its offset given twice', () => {
  const { valid, anomalies } = judged(play(logs((nth) => nth === 20)));
  expect(valid).toBe(false);
  expect(new Set(anomalies.map(({ kind }) => kind))).toContain('inconsistent-offsets');
});

test('polling a dead system to the end comes to an end', () => {
  const dead: Complete = () => ({ type: 'fail', error: 'no-leader', after: MILLISECOND });
  const events = simulateGenerator(onClients(kafka.finale(OPTIONS)), { complete: dead });
  expect(events.at(-1)!.time).toBeLessThan(61 * SECOND);
});

const SHORT = { workload: 'kafka', timeLimit: 10 * SECOND };

test.each(['raft', 'state-machine-replication'])(
  '%s keeps its logs under a swarm of faults',
  async (system) => {
    for (let seed = 1; seed <= 3; seed++)
      expect(findings(await run({ system, seed, ...SHORT }))).toEqual({ anomalies: [], vacuous: [] });
  },
);

test('raft that syncs nothing loses acknowledged messages, and gives their offsets to others', async () => {
  const { anomalies } = findings(
    await run({ system: 'raft', bug: 'log-not-fsynced', seed: 1, workload: 'kafka' }),
  );
  expect(anomalies).toContain('lost-write');
  expect(anomalies).toContain('inconsistent-offsets');
});

test('a replica that performs its own commands first gives an offset twice', async () => {
  const system = 'state-machine-replication';
  const { anomalies } = findings(await run({ system, bug: 'applies-own-first', seed: 1, ...SHORT }));
  expect(anomalies).toContain('inconsistent-offsets');
});
