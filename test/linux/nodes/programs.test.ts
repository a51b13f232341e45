import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { registryWith } from '../../../src/campaign/load-system.ts';
import { runSpec } from '../../../src/campaign/run-spec.ts';
import { leases } from '../../../src/linux/lease.ts';
import { linuxSupport } from '../../../src/linux/support.ts';
import { parseNemeses } from '../../../src/spec/nemesis-text.ts';
import { resolveSpec } from '../../../src/spec/resolve.ts';
import type { SpecInput } from '../../../src/spec/schema.ts';
import { ROOT } from '../../source-files.ts';

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

async function run(system: string, nemeses: string, more: Partial<SpecInput> = {}) {
  const registry = await registryWith(system);
  const short = { rate: 50, concurrency: 5, timeLimit: 4e9, settle: 1e9, seed: 1, world: 'linux' as const };
  const spec = { ...short, ...more, system, nemeses: parseNemeses(nemeses), seed: 1 };
  const { outcome, history } = await runSpec(resolveSpec(spec, registry));
  return { outcome, events: [...history] };
}

test('a system of node programs in a file lives in the simulator unless it is told otherwise', async () => {
  const file = ownSystem();
  const { outcome } = await run(file, 'kill:interval=300ms,duration=300ms', { world: undefined });
  expect(outcome.spec.world).toBe('sim');
  expect(outcome.valid).toBe(true);
  expect(outcome.counts).toMatchObject({ crashes: 0 });
  expect(outcome.counts.ok).toBeGreaterThan(50);
});

describe.skipIf(support !== true)(`node programs as processes (${why})`, () => {
  test('raft keeps its promise under partition and kill, and tells of its leaders', async () => {
    const { outcome, events } = await run('raft', 'partition:kinds=leader,kill:targets=one', { nodes: 3 });
    expect(outcome.valid).toBe(true);
    expect(outcome.counts.ok).toBeGreaterThan(0);
    expect(outcome.counts.exits).toBe(0);
    const traced = events.filter(({ f }) => f === 'node/trace').map(({ value }) => value);
    expect(traced).toContainEqual(expect.objectContaining({ role: 'leader' }));
    expect(leases().filter(({ controller }) => controller.pid === process.pid)).toEqual([]);
  });

  test('a system of your own runs unchanged, its clock is seen to be skewed, and its mistake is found', async () => {
    const kill = 'kill:targets=all,interval=500ms,duration=300ms';
    const right = await run(ownSystem(), `${kill},clock:kinds=bump`);
    expect(right.outcome.valid).toBe(true);
    expect(right.outcome.counts).toMatchObject({ exits: 0 });
    expect(right.outcome.counts.ok).toBeGreaterThan(0);
    const proofs = right.events.filter(({ f }) => f === 'clock/proof').map(({ value }) => value);
    expect(proofs).toEqual([expect.objectContaining({ sees: true })]);
    const wrong = await run(ownSystem(), kill, { bugs: ['forgetful'], workloadParameters: { keys: 1 } });
    expect(wrong.outcome.valid).toBe(false);
  });
});
