import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { NodeDisk } from '../../src/linux/disk/disk.ts';
import { mountedDisks } from '../../src/linux/disk/leftovers.ts';
import { diskSupport } from '../../src/linux/disk/support.ts';
import {
  cgroupOf,
  claimLease,
  deviceOf,
  folderOf,
  type Lease,
  leaseFile,
  markOf,
  prefix,
} from '../../src/linux/lease.ts';
import { loadLibc } from '../../src/linux/libc.ts';
import { makeNamespaces } from '../../src/linux/network/namespaces.ts';
import { controlGroup } from '../../src/linux/process/node-group.ts';
import { processesMarked } from '../../src/linux/process/process-table.ts';
import { linuxSupport } from '../../src/linux/support.ts';
import { undo } from '../../src/linux/undo.ts';

const support = [linuxSupport(), diskSupport()].find((one) => one !== true);

/** What has a run's name where namespaces and devices are. */
function network(lease: Lease): string[] {
  const own = [`${prefix(lease)}-`, deviceOf(lease, 0)];
  return ['/run/netns', '/sys/class/net']
    .flatMap((folder) => readdirSync(folder))
    .filter((name) => own.some((one) => name.startsWith(one)));
}

describe.skipIf(support !== undefined)(`undoing a run (${support ?? 'as root'})`, () => {
  test('a server that waits for a disk whose process hangs ends with that disk', async () => {
    const lease = claimLease();
    const run = String(lease.id);
    const node = join(folderOf(lease), 'n1');
    const at = { mountPoint: join(node, 'data'), backing: join(node, 'disk') };
    const disk = await NodeDisk.mount({ run, node: 'n1', ...at, seed: 'undo' });
    const ended = disk.ended;
    writeFileSync(join(disk.path, 'log'), 'entry');
    await disk.change({ slow: 3_600e9 });
    const root = cgroupOf(lease);
    if (root !== null) mkdirSync(root, { recursive: true });
    const command = ['sync', join(disk.path, 'log')];
    const [program, ...args] = root === null ? command : controlGroup(join(root, 'n1')).joining(command);
    const [name, value] = markOf(lease).split('=') as [string, string];
    const server = spawn(program!, args, { env: { ...process.env, [name]: value }, stdio: 'ignore' });
    const gone = once(server, 'exit');
    while (!/\(sync\) [SD]/.test(readFileSync(`/proc/${server.pid}/stat`, 'utf8'))) await sleep(5);
    // Its request was taken, so that no signal ends it any more.
    await disk.change({ full: true });
    process.kill(disk.pid, 'SIGSTOP');

    undo(lease);

    await Promise.all([gone, ended]);
    expect(processesMarked(markOf(lease))).toEqual([]);
    expect(mountedDisks(run)).toEqual([]);
    expect([folderOf(lease), leaseFile(lease), root ?? ''].filter(existsSync)).toEqual([]);
  });

  test('namespaces that are still being made are made no more', async () => {
    const libc = await loadLibc();
    for (const last of ['-n1', '-n2', '-n3', '-n4', '-n5']) {
      const lease = claimLease();
      const making = makeNamespaces(lease, 10, libc).catch(() => null);
      while (!network(lease).some((name) => name.endsWith(last))) await sleep(1);
      undo(lease);
      expect(await making).toBeNull();
      expect(network(lease)).toEqual([]);
    }
  });
});
