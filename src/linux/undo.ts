import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupOf, deviceOf, folderOf, type Lease, leaseFile, leases, markOf, prefix } from './lease.ts';
import { describeProcess, processesMarked } from './process/process-table.ts';

/** How long killed processes may take to be gone, and a step that fails may be tried again, ms. */
const PATIENCE = 5_000;

/** How long a command that takes something away may take, ms. */
const COMMAND_WITHIN = 10_000;

/** Between two tries, ms. */
const AGAIN = 20;

/**
 * Takes away everything of a run: processes, mounts, namespaces, devices, control groups, files, and at last the lease.
 * What is gone already is no mistake, so it may be repeated. Synchronous, to be of use while a process exits; meanwhile a
 * thread of that process may still be at the same work, or be writing its logs, so what fails is tried again for a while.
 */
export function undo(lease: Lease): void {
  for (const deadline = Date.now() + PATIENCE; ; pause(AGAIN)) {
    try {
      takeAway(lease);
      return;
    } catch (cause) {
      if (Date.now() > deadline)
        throw new Error(`run ${lease.id} can't be taken away: ${(cause as Error).message}`, { cause });
    }
  }
}

function takeAway(lease: Lease): void {
  killAll(lease);
  const own = `${prefix(lease)}-`;
  for (const namespace of entries('/run/netns').filter((name) => name.startsWith(own)))
    run('ip', 'netns', 'delete', namespace);
  if (existsSync(`/sys/class/net/${deviceOf(lease, 0)}`)) run('ip', 'link', 'delete', deviceOf(lease, 0));
  removeGroups(lease);
  rmSync(folderOf(lease), { recursive: true, force: true });
  rmSync(leaseFile(lease), { force: true });
}

/** Undoes the runs of this very process, while it exits. One that can't be undone is told, and stands in the way of no other. */
export function undoOwn(): void {
  for (const lease of leases().filter(({ controller }) => controller.pid === process.pid)) {
    try {
      undo(lease);
    } catch (error) {
      console.error(`${(error as Error).message}; momus doctor --clean tries again`);
    }
  }
}

/**
 * Ends all processes. Whoever waits for a disk whose own process hangs or is dead ends only when that is taken away, so both
 * are done until there is nothing left of either.
 */
function killAll(lease: Lease): void {
  const group = cgroupOf(lease);
  for (const deadline = Date.now() + PATIENCE; ; pause()) {
    const grouped = group !== null && existsSync(group);
    if (grouped) writeFileSync(join(group, 'cgroup.kill'), '1');
    // Helpers of the run outside the groups, and all of them where there are no groups.
    const left = marked(lease);
    for (const pid of left) kill(pid);
    unmountAll(folderOf(lease));
    const populated = grouped && readFileSync(join(group, 'cgroup.events'), 'utf8').includes('populated 1');
    if (left.length === 0 && !populated) return;
    if (Date.now() > deadline) {
      const names = left.flatMap((pid) => describeProcess(pid) ?? []).join(', ');
      throw new Error(`these processes do not end: ${names || `some in ${group}`}`);
    }
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile.
  }
}

/** This very process may have been started from within a run. */
function marked(lease: Lease): number[] {
  return processesMarked(markOf(lease)).filter((pid) => pid !== process.pid && describeProcess(pid) !== null);
}

/** Everything mounted below a folder, the deepest first; lazily, because a killed file system no longer answers. */
function unmountAll(folder: string): void {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${folder}/`));
  for (const path of mounts.sort((a, b) => b.length - a.length)) run('umount', '-i', '-f', '-l', path);
}

function removeGroups(lease: Lease): void {
  const group = cgroupOf(lease);
  if (group === null || !existsSync(group)) return;
  const below = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of below) rmdirSync(join(group, name));
  rmdirSync(group);
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Throws what it prints when it fails. */
function run(command: string, ...args: string[]): void {
  const { error, status, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: COMMAND_WITHIN,
    killSignal: 'SIGKILL',
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
}

function pause(milliseconds = 2): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
