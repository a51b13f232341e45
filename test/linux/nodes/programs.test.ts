import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { leases } from '../../../src/linux/lease.ts';
import { linuxSupport } from '../../../src/linux/support.ts';
import { ROOT } from '../../source-files.ts';
import { count, REAL, realRun } from '../real-run.ts';

const support = linuxSupport();
const why = support === true ? 'as root' : support;

const folder = mkdtempSync(join(ROOT, 'node_modules/.momus-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A register on one node that takes its context apart, and forgets what it is told when `forgetful`. */
function ownSystem(): string {
  const file = join(folder, 'own.mjs');
  const text = `
export const system = {
  name: 'own',
  about: 'a register on its first node',
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: { safety: ['linearizable'], liveness: [] },
  serves: { register: ['read', 'write'] },
  bugs: { forgetful: { about: 'writes nothing to its disk', workload: 'register', nemeses: ['kill'] } },
  deploy: ({ bugs }) => ({
    nodes: { default: 1, min: 1, max: 1 },
    program({ disk, reply }) {
      const values = JSON.parse(disk.read('values') ?? '{}');
      return {
        onMessage() {},
        async onRequest(request, { f, key, value }) {
          if (f === 'write') {
            values[key] = value;
            if (!bugs.has('forgetful')) disk.write('values', JSON.stringify(values));
          }
          await null;
          reply(request, f === 'write' ? value : values[key] ?? null);
        },
      };
    },
    client({ request, nodes: [node] }) {
      return {
        async open() {},
        invoke: async (operation) => {
          try {
            return { type: 'ok', value: await request(node, operation) };
          } catch ({ code }) {
            return { type: code === 'refused' || operation.f === 'read' ? 'fail' : 'info', error: code };
          }
        },
        async close() {},
      };
    },
  }),
};`;
  writeFileSync(file, text);
  return file;
}

test('a system of node programs in a file lives in the simulator unless it is told otherwise', async () => {
  const { outcome } = await realRun(ownSystem(), 'kill:interval=300ms,duration=300ms', { timeLimit: 4e9 });
  expect(outcome.spec.world).toBe('sim');
  expect(outcome.valid).toBe(true);
  expect(outcome.counts).toMatchObject({ crashes: 0 });
  expect(outcome.counts.ok).toBeGreaterThan(50);
});

describe.skipIf(support !== true)(`node programs as processes (${why})`, () => {
  test('raft keeps its promise under partition and kill, and tells of its leaders', REAL, async () => {
    // Each start of a node compiles it.
    const pace = 'interval=1s,duration=500ms';
    const { outcome, events } = await realRun(
      'raft',
      `partition:kinds=leader,${pace},kill:targets=one,${pace}`,
      {
        world: 'linux',
        nodes: 3,
        enough: (soFar) =>
          count(soFar, { f: 'network/cut', type: 'info' }) > 0 &&
          count(soFar, { f: 'process/start', type: 'info' }) > 0 &&
          count(soFar, { type: 'ok' }) > 50,
      },
    );
    expect(outcome.valid).toBe(true);
    expect(count(events, { type: 'ok' })).toBeGreaterThan(50);
    expect(outcome.counts.exits).toBe(0);
    const traced = events.filter(({ f }) => f === 'node/trace').map(({ value }) => value);
    expect(traced).toContainEqual(expect.objectContaining({ role: 'leader' }));
    expect(leases().filter(({ controller }) => controller.pid === process.pid)).toEqual([]);
  });

  test(
    'a system of your own runs unchanged, its clock is seen to be skewed, and its mistake is found',
    REAL,
    async () => {
      // A node that was just started compiles itself first.
      const kill = 'kill:targets=all,interval=4s,duration=300ms';
      const right = await realRun(ownSystem(), `${kill},clock:kinds=bump`, {
        world: 'linux',
        enough: (soFar) =>
          count(soFar, { f: 'process/start', type: 'info' }) > 0 && count(soFar, { type: 'ok' }) > 50,
      });
      expect(right.outcome.valid).toBe(true);
      expect(right.outcome.counts).toMatchObject({ exits: 0 });
      expect(count(right.events, { type: 'ok' })).toBeGreaterThan(50);
      const proofs = right.events.filter(({ f }) => f === 'clock/proof').map(({ value }) => value);
      expect(proofs).toEqual([expect.objectContaining({ sees: true })]);
      const wrong = await realRun(ownSystem(), kill, {
        world: 'linux',
        bugs: ['forgetful'],
        workloadParameters: { keys: 1 },
      });
      expect(wrong.outcome.valid).toBe(false);
    },
  );
});
