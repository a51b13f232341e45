import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { execa } from 'execa';
import type { ServerBinary } from '../world/process-deployment.ts';
import { UsageError } from '../world/usage-error.ts';
import { clockSupport } from './clock/support.ts';
import { diskSupport } from './disk/support.ts';
import { cgroupOf, folderOf, isAlive, type Lease, leases, prefix } from './lease.ts';
import { cgroupRoot } from './process/cgroup-root.ts';
import { findProgram } from './programs.ts';
import { linuxSupport } from './support.ts';
import { undo } from './undo.ts';

/** Whether this machine can do something, and how or why not. */
export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** What this machine lets the linux world do. */
export async function examineMachine(): Promise<Finding[]> {
  const network = linuxSupport();
  const clocks = await clockSupport();
  const disks = diskSupport();
  const groups = cgroupRoot();
  const tools = ['ip', 'nsenter', 'setpriv', 'umount'].filter((tool) => findProgram(tool) === null);
  return [
    finding('nodes and network', network, 'network namespaces and a switch over /dev/net/tun'),
    {
      what: 'tools',
      ok: tools.length === 0,
      detail: tools.length === 0 ? 'ip, nsenter, setpriv' : `missing: ${tools} (iproute2, util-linux)`,
    },
    finding('clocks', typeof clocks === 'string' ? clocks : true, 'each process has a clock of its own'),
    finding('disks', disks, 'FUSE'),
    {
      what: 'processes',
      ok: true,
      detail:
        groups === null
          ? 'by signals: there are no control groups of version 2, so a process that clears its environment escapes'
          : `control groups in ${groups}`,
    },
  ];
}

/** How long a program may take to tell its version, ms. */
const TELLS_WITHIN = 10_000;

/** A program that a server needs, and whether it is there. */
export interface FoundBinary {
  readonly binary: ServerBinary;
  readonly path: string | null;
  /** As the program itself tells it, or else its package; null where neither does. */
  readonly version: string | null;
}

export async function examineBinary(binary: ServerBinary): Promise<FoundBinary> {
  const path = findProgram(binary.binary);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is dpkg that fills it in
  const version = binary.version ?? ['dpkg-query', '--show', '--showformat=${Version}', binary.package];
  return { binary, path, version: path === null ? null : await versionOf(version) };
}

/** Installs what is missing. Throws a `UsageError` where that can't be done. */
export async function install(packages: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) throw new UsageError('doctor --install: needs root; run it with sudo');
  if (findProgram('apt-get') === null)
    throw new UsageError(
      `doctor --install: there is no apt-get here; install these by hand: ${packages.join(', ')}`,
    );
  const apt = (...args: string[]) =>
    execa('apt-get', args, {
      // Debian would start each server as a service; nobody wants that one.
      env: { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
      stdio: ['ignore', 2, 2],
      reject: false,
    });
  const wanted = ['install', '-y', '--no-install-recommends', ...packages];
  if ((await apt(...wanted)).exitCode === 0) return;
  await apt('update');
  if ((await apt(...wanted)).exitCode !== 0)
    throw new UsageError(`doctor --install: apt-get could not install ${packages.join(', ')}; see above`);
}

/** Runs that have left things behind because their controller was killed. */
export function deadRuns(): Lease[] {
  const known = leases();
  const named = [...entries('/run/netns'), ...entries('/dev/shm'), ...groupNames()]
    .flatMap((name) => /^momus-(\d+)(-n\d+)?$/.exec(name)?.[1] ?? [])
    .map(Number)
    .filter((id) => !known.some((lease) => lease.id === id));
  const nameless = [...new Set(named)].map((id) => ({ id, controller: { pid: 0, started: '' } }));
  return [...known.filter((lease) => !isAlive(lease)), ...nameless];
}

/** What a dead run has left, for people. */
export function remains(lease: Lease): string[] {
  const namespaces = entries('/run/netns').filter((name) => name.startsWith(`${prefix(lease)}-`)).length;
  const group = cgroupOf(lease);
  return [
    ...(namespaces > 0 ? [`${namespaces} network namespaces`] : []),
    ...(group !== null && existsSync(group) ? ['processes'] : []),
    ...(existsSync(folderOf(lease)) ? [folderOf(lease)] : []),
  ];
}

/** Dead runs that were taken away, and why others could not be. */
export interface Cleaning {
  readonly cleaned: readonly Lease[];
  readonly failures: readonly string[];
}

/** Takes away what dead runs have left. One that can't be undone stands in the way of no other. */
export function clean(): Cleaning {
  if (process.getuid?.() !== 0) throw new UsageError('doctor --clean: needs root; run it with sudo');
  const cleaned: Lease[] = [];
  const failures: string[] = [];
  for (const lease of deadRuns()) {
    try {
      undo(lease);
      cleaned.push(lease);
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  return { cleaned, failures };
}

function finding(what: string, support: true | string, how: string): Finding {
  return { what, ok: support === true, detail: support === true ? how : support };
}

async function versionOf([program, ...args]: readonly string[]): Promise<string | null> {
  const { stdout, stderr } = await execa(findProgram(program!) ?? program!, args, {
    stdin: 'ignore',
    timeout: TELLS_WITHIN,
    reject: false,
  });
  return /\d+\.\d+[\w.+~-]*/.exec(`${stdout}\n${stderr}`)?.[0] ?? null;
}

function groupNames(): string[] {
  const root = cgroupRoot();
  return root === null ? [] : entries(root);
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => basename(name)) : [];
}
