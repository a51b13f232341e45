import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Op } from '../../histories/op.ts';
import { clean, deadRuns } from '../../src/linux/doctor.ts';
import { cgroupOf, folderOf, type Lease, leases, markOf, namespaceOf } from '../../src/linux/lease.ts';
import { processesMarked } from '../../src/linux/process/process-table.ts';
import { findProgram } from '../../src/linux/programs.ts';
import { linuxSupport } from '../../src/linux/support.ts';
import { StartError } from '../../src/world/start-error.ts';
import { build, compiled } from '../cli/compiled.ts';
import { ROOT } from '../source-files.ts';
import { count, REAL, realRun } from './real-run.ts';

const support = linuxSupport();
const why = support === true ? 'as root' : support;
const hasEtcd = findProgram('etcd') !== null;

/** Inside the package, so that the system finds `momus`. */
const folder = mkdtempSync(join(ROOT, 'node_modules/.momus-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The example of docs/linux.md, as users have it; "momus" is its sources, or what was built from them. */
function example(momus = 'src/index.ts'): string {
  const text = readFileSync(join(ROOT, 'docs/linux.md'), 'utf8');
  const code = /```ts\n(.*?)```/s.exec(text)![1]!;
  const file = join(folder, momus === 'src/index.ts' ? 'my-system.ts' : 'my-built-system.ts');
  writeFileSync(file, code.replace("'momus'", JSON.stringify(pathToFileURL(join(ROOT, momus)).href)));
  return file;
}

/** What a run has on this machine. */
function traces(lease: Pick<Lease, 'id'>): string[] {
  const group = cgroupOf(lease);
  return [
    ...(existsSync(folderOf(lease)) ? ['folder'] : []),
    ...(existsSync(`/run/netns/${namespaceOf(lease, 1)}`) ? ['namespace'] : []),
    ...(group !== null && existsSync(group) ? ['group'] : []),
    ...(processesMarked(markOf(lease)).length > 0 ? ['processes'] : []),
    ...(readFileSync('/proc/self/mounts', 'utf8').includes(`${folderOf(lease)}/`) ? ['mounts'] : []),
  ];
}

/** What etcd suffers. */
const FAULTS = ['network/cut', 'process/kill', 'clock/step'];

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

/** Starts the command line on the example; resolves once its servers run, with the lease that it holds. */
async function startMomus() {
  const systemFile = example('dist/src/index.js');
  const momus = compiled('test', systemFile, '--nemesis', 'none', '--store', join(folder, 'store'));
  const own = () => leases().find(({ controller }) => controller.pid === momus.pid);
  const ended = momus.then(({ exitCode, stdout, stderr }) => {
    throw new Error(`momus ended by itself with code ${exitCode}:\n${stdout}\n${stderr}`);
  });
  const running = until(() => {
    const lease = own();
    const runs = (node: string) => processesMarked(markOf(lease!), `MOMUS_NODE=${node}`).length > 0;
    return lease !== undefined && ['n1', 'n2', 'n3'].every(runs);
  });
  await Promise.race([running, ended]);
  return { momus, lease: own()! };
}

describe.skipIf(support !== true)(`the linux world (${why})`, () => {
  beforeAll(build, 180_000);

  test(
    'the example of the documentation is found to be wrong, and nothing of the run is left',
    REAL,
    async () => {
      const { outcome } = await realRun(example(), 'none');
      expect(outcome.valid).toBe(false);
      expect(outcome.verdicts[0]!.anomalies.length).toBeGreaterThan(0);
      expect(outcome.counts).toMatchObject({ exits: 0 });
      // A request and its answer are packets each, and so are the connections.
      expect(outcome.counts.sent).toBeGreaterThan(2 * outcome.counts.ok!);
      expect(leases().filter(({ controller }) => controller.pid === process.pid)).toEqual([]);
    },
  );

  test('a node that is killed refuses operations until it is started again', REAL, async () => {
    const started = (event: Op) => event.f === 'process/start' && event.value === 'started';
    const { outcome, events } = await realRun(example(), 'kill:interval=300ms,duration=300ms', {
      nodes: 1,
      // What it forgets when it is killed would be its fault, so nothing is written.
      workloadParameters: { writes: 0, reads: 1 },
      enough: (soFar) => soFar.some(started) && soFar.at(-1)!.type === 'ok',
    });
    expect(outcome.valid).not.toBe(false);
    const told = events.filter(({ f, type }) => f === 'process/kill' && type === 'info');
    expect(told.map(({ value }) => value)).toContain('killed');
    const up = events.findIndex(started);
    const refused = events.findIndex(({ error }) => error === 'connection-refused');
    expect(refused).toBeGreaterThan(events.indexOf(told[0]!));
    expect(refused).toBeLessThan(up);
    expect(events.findLastIndex(({ type }) => type === 'ok')).toBeGreaterThan(up);
  });

  test('servers that do not come up are told in one line, with what they printed', async () => {
    const file = join(folder, 'broken.mjs');
    const program = "console.log('listening'); console.log('no configuration'); process.exit(3)";
    writeFileSync(
      file,
      `export const system = { name: 'broken', about: 'does not start',
        assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
        guarantees: { safety: ['linearizable'], liveness: [] },
        serves: { register: ['read', 'write'] },
        deploy: () => ({
          requires: [], nodes: { default: 1, min: 1, max: 1 }, startsWithin: 20e9,
          processes: () => [{ name: 'server', command: [process.execPath, '-e', ${JSON.stringify(program)}] }],
          ready: async () => false,
          newClient: () => { throw new Error('nobody asks for one'); },
        }),
      };`,
    );
    await expect(realRun(file, 'none')).rejects.toThrow(
      new StartError(
        'the servers did not come up: n1: server ended with code 3 (listening | no configuration) before it was ready',
      ),
    );
    expect(leases().filter(({ controller }) => controller.pid === process.pid)).toEqual([]);
  });

  test.concurrent('after SIGTERM nothing is left', REAL, async () => {
    const { momus, lease } = await startMomus();
    expect(traces(lease)).toContain('processes');
    process.kill(momus.pid!, 'SIGTERM');
    expect((await momus).exitCode).toBe(130);
    expect(traces(lease)).toEqual([]);
    expect(leases().map(({ id }) => id)).not.toContain(lease.id);
  });

  test.concurrent(
    'after a SIGKILL of momus the doctor finds what is left and takes it away',
    REAL,
    async () => {
      const { momus, lease } = await startMomus();
      momus.kill('SIGKILL');
      await momus;
      expect(deadRuns().map(({ id }) => id)).toContain(lease.id);
      expect(traces(lease)).toContain('processes');
      expect(clean().cleaned.map(({ id }) => id)).toContain(lease.id);
      expect(traces(lease)).toEqual([]);
      expect(readdirSync('/run/momus')).not.toContain(`${lease.id}.json`);
    },
  );

  test.skipIf(!hasEtcd)(
    `etcd keeps its promise under partition, kill and skewed clocks (${hasEtcd ? 'installed' : 'no etcd here'})`,
    REAL,
    async () => {
      const pace = 'interval=500ms,duration=500ms';
      const { outcome, events } = await realRun(
        'etcd',
        `partition:${pace},kill:${pace},clock:kinds=bump,${pace}`,
        {
          nodes: 3,
          enough: (soFar) =>
            FAULTS.every((f) => count(soFar, { f, type: 'info' }) > 1) && count(soFar, { type: 'ok' }) > 50,
        },
      );
      expect(outcome.valid).toBe(true);
      for (const f of FAULTS) expect(count(events, { f, type: 'info' })).toBeGreaterThan(1);
      expect(count(events, { type: 'ok' })).toBeGreaterThan(50);
      const proofs = events.filter(({ f }) => f === 'clock/proof').map(({ value }) => value);
      expect(proofs).toHaveLength(3);
      for (const proof of proofs) expect(proof).toMatchObject({ sees: true });
    },
  );
});
