import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UnsyncedFate } from '../../../src/faults/fault.ts';
import { NodeDisk } from '../../../src/linux/disk/disk.ts';
import { diskSupport } from '../../../src/linux/disk/support.ts';

const support = diskSupport();
const hasEtcd = spawnSync('etcd', ['--version']).status === 0;
const POSTGRES = [
  '/usr/lib/postgresql/15/bin',
  '/usr/lib/postgresql/16/bin',
  '/usr/lib/postgresql/17/bin',
].find((folder) => existsSync(join(folder, 'postgres')));

/** Real databases keep their promises on our disk, and lose what they did not sync. */
describe.skipIf(support !== true)(`databases on a disk (${support === true ? 'as root' : support})`, () => {
  let folder: string;
  let disk: NodeDisk;

  beforeAll(async () => {
    folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'momus-databases-'));
    chmodSync(folder, 0o755);
    disk = await NodeDisk.mount({
      ...{ run: `databases-${process.pid}`, node: 'n1', seed: 'databases' },
      ...{ mountPoint: join(folder, 'disk'), backing: join(folder, 'backing') },
    });
  });

  afterAll(async () => {
    await disk.unmount();
    rmSync(folder, { recursive: true });
  });

  /** The server's machine loses its power: all its processes end, and what was not synced is gone. */
  async function losePower(server: ChildProcess, fate: UnsyncedFate) {
    const ended = once(server, 'exit');
    for (const pid of [server.pid!, ...childrenOf(server.pid!)]) process.kill(pid, 'SIGKILL');
    const loss = await disk.losePower(fate);
    await ended;
    return loss;
  }

  test.skipIf(!hasEtcd)(
    'etcd keeps what it acknowledged through power losses of every kind',
    { timeout: 240_000 },
    async () => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const peer = `http://127.0.0.1:${await freePort()}`;
      const start = async () => {
        const server = spawn(
          'etcd',
          [
            ...['--name', 'n1', '--data-dir', join(disk.path, 'etcd'), '--logger', 'zap'],
            ...['--listen-client-urls', url, '--advertise-client-urls', url],
            ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer],
            ...['--initial-cluster', `n1=${peer}`, '--log-outputs', join(folder, 'etcd.log')],
          ],
          { stdio: 'ignore' },
        );
        await untilItWorks(server, async () => (await fetch(`${url}/health`)).ok);
        return server;
      };
      const base64 = (text: string) => Buffer.from(text).toString('base64');
      const post = async (path: string, body: object) =>
        (await (
          await fetch(`${url}/v3/kv/${path}`, { method: 'POST', body: JSON.stringify(body) })
        ).json()) as {
          count?: string;
        };
      let written = 0;
      for (const fate of ['lost', 'prefix', 'torn'] as const) {
        const server = await start();
        expect(Number((await post('range', { key: base64('k'), range_end: base64('l') })).count ?? 0)).toBe(
          written,
        );
        for (let i = 0; i < 20; i++) await post('put', { key: base64(`k${written++}`), value: base64('v') });
        const { unsynced } = await losePower(server, fate);
        // bbolt writes lazily, so there is something to lose.
        expect(unsynced).toBeGreaterThan(0);
      }
      const server = await start();
      expect(Number((await post('range', { key: base64('k'), range_end: base64('l') })).count)).toBe(written);
      await losePower(server, 'lost');
    },
  );

  test.skipIf(POSTGRES === undefined)(
    'PostgreSQL keeps commits, and without fsync it loses them',
    async () => {
      const data = join(disk.path, 'postgres');
      const sockets = join(folder, 'sockets');
      for (const own of [data, sockets]) {
        mkdirSync(own, { mode: 0o700 });
        execFileSync('chown', ['postgres:postgres', own]);
      }
      const asPostgres = ['--reuid=postgres', '--regid=postgres', '--clear-groups'];
      const bin = (program: string) => join(POSTGRES!, program);
      execFileSync('setpriv', [...asPostgres, bin('initdb'), '-D', data, '-A', 'trust', '-U', 'postgres'], {
        cwd: '/',
        stdio: 'pipe',
      });
      const sql = (query: string) =>
        execFileSync(bin('psql'), ['-h', sockets, '-U', 'postgres', '-Atqc', query], {
          encoding: 'utf8',
          stdio: 'pipe',
        });
      const start = async () => {
        // Its shared memory on the disk too, so that a killed server leaves nothing in /dev/shm.
        const place = ['-D', data, '-k', sockets, '-h', '', '-c', 'dynamic_shared_memory_type=mmap'];
        const server = spawn('setpriv', [...asPostgres, bin('postgres'), ...place], {
          cwd: '/',
          stdio: 'ignore',
        });
        await untilItWorks(server, async () => sql('select 1') === '1\n');
        return server;
      };
      let server = await start();
      sql('create table t (i int primary key, v text)');
      sql("insert into t select i, repeat('x', 200) from generate_series(1, 2000) i");
      sql('checkpoint; update t set v = i::text where i <= 1000');
      const { unsynced } = await losePower(server, 'torn');
      expect(unsynced).toBeGreaterThan(0);
      server = await start();
      expect(sql('select count(*), sum(i), count(*) filter (where v = i::text) from t')).toBe(
        '2000|2001000|1000\n',
      );
      sql('alter system set fsync = off');
      sql('select pg_reload_conf()');
      await expect.poll(() => sql('show fsync'), { timeout: 60_000 }).toBe('off\n');
      sql('insert into t values (0, 0)');
      expect(sql('select count(*) from t where i = 0')).toBe('1\n');
      await losePower(server, 'lost');
      server = await start();
      expect(sql('select count(*) from t where i = 0')).toBe('0\n');
      await losePower(server, 'lost');
    },
    240_000,
  );
});

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
}

/** Throws when the server ends before it works. */
async function untilItWorks(server: ChildProcess, works: () => Promise<boolean>): Promise<void> {
  for (;;) {
    try {
      if (await works()) return;
    } catch {
      // Not yet.
    }
    if (server.exitCode !== null || server.signalCode !== null)
      throw new Error(`the server ended (${server.exitCode})`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
