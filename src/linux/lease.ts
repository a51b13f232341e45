import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../world/usage-error.ts';
import { cgroupRoot } from './process/cgroup-root.ts';
import { RUN_MARK } from './run-mark.ts';

/** Where runs that are under way are written down, so that whatever ends a controller, its traces can be found. */
export const LEASES = '/run/momus';

/** Networks of 256 addresses in 198.18.0.0/15, which is set apart for tests (RFC 2544). */
const NETWORKS = 512;

/** Host number of the clients in each network. */
const CLIENTS = 254;

/** The most nodes that a network has room for. */
export const MOST_NODES = CLIENTS - 1;

/**
 * What one run may call its own on this machine. Everything is named by its number, which no other run has at the same
 * time: so two runs don't collide, and everything that a run leaves behind can be found by its name.
 */
export interface Lease {
  readonly id: number;
  /** Of the process that made it, so that nobody takes a new process of the same number for it. */
  readonly controller: { readonly pid: number; readonly started: string };
}

/** Claims a number that nobody uses. */
export function claimLease(): Lease {
  mkdirSync(LEASES, { recursive: true });
  const used = new Set(
    Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address)),
  );
  for (let id = 1; id < NETWORKS; id++) {
    if (used.has(clientsAddress({ id }))) continue;
    const lease: Lease = { id, controller: { pid: process.pid, started: startOf(process.pid)! } };
    try {
      writeFileSync(leaseFile(lease), JSON.stringify(lease), { flag: 'wx' });
      return lease;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  throw new UsageError(
    `all ${NETWORKS} networks of 198.18.0.0/15 are in use; momus doctor --clean frees those of dead runs`,
  );
}

/** All leases on this machine. */
export function leases(): Lease[] {
  let files: string[];
  try {
    files = readdirSync(LEASES);
  } catch {
    return [];
  }
  return files.flatMap((file) => {
    try {
      return [JSON.parse(readFileSync(join(LEASES, file), 'utf8')) as Lease];
    } catch {
      // Its owner was killed between making and filling it: whoever that was is no more.
      const id = Number.parseInt(file, 10);
      return Number.isNaN(id) ? [] : [{ id, controller: { pid: 0, started: '' } }];
    }
  });
}

/** Whether the controller of a run still lives. */
export function isAlive({ controller }: Lease): boolean {
  return controller.pid > 0 && startOf(controller.pid) === controller.started;
}

type Named = Pick<Lease, 'id'>;

export function leaseFile({ id }: Named): string {
  return join(LEASES, `${id}.json`);
}

/** Begins the name of everything of a run. */
export function prefix({ id }: Named): string {
  return `momus-${id}`;
}

/** The network namespace of the node with this number (1, 2 ...). */
export function namespaceOf(lease: Named, number: number): string {
  return `${prefix(lease)}-n${number}`;
}

/** The TUN device of a node; number 0 is that of the clients. */
export function deviceOf({ id }: Named, number: number): string {
  return `momus${id}-${number}`;
}

/** `198.18.7.1` is the first node of run 7. */
export function addressOf({ id }: Named, number: number): string {
  return `198.${18 + (id >> 8)}.${id & 255}.${number}`;
}

export function clientsAddress(lease: Named): string {
  return addressOf(lease, CLIENTS);
}

/** The folder of a run's data, in memory: a slow disk makes servers change their leaders by themselves. */
export function folderOf(lease: Named): string {
  return join('/dev/shm', prefix(lease));
}

/** The control group of a run; null where there are no such groups. */
export function cgroupOf(lease: Named): string | null {
  const root = cgroupRoot();
  return root === null ? null : join(root, prefix(lease));
}

/** What marks every process of a run in its environment, wherever it may wander. */
export function markOf({ id }: Named): string {
  return `${RUN_MARK}=${id}`;
}

/** When a process began, in ticks since the machine did; undefined when there is none. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything; the 22nd field is the 20th after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
