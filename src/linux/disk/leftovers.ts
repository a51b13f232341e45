import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** A mount of some run. */
export interface MountedDisk {
  readonly run: string;
  readonly node: string;
  readonly path: string;
}

/** How long mount(8) and umount(8) may take, ms. */
export const MOUNT_WITHIN = 10_000;

const PREFIX = 'momus';
const FILE_SYSTEM = 'fuse.momus';

/** What stands as a disk's source in /proc/self/mountinfo. */
export function sourceOf(run: string, node: string): string {
  return `${PREFIX}:${run}:${node}`;
}

/** The disks of this machine that are mounted now, of every run or one. */
export function mountedDisks(run?: string): MountedDisk[] {
  return disksIn(readFileSync('/proc/self/mountinfo', 'utf8')).filter(
    (disk) => run === undefined || disk.run === run,
  );
}

/** The disks that a mountinfo names (proc(5): fields, ` - `, then type, source and options). */
export function disksIn(mountinfo: string): MountedDisk[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [mount, rest] = line.split(' - ');
    const [type, source] = rest?.split(' ') ?? [];
    const [prefix, run, node] = unescaped(source ?? '').split(':');
    if (type !== FILE_SYSTEM || prefix !== PREFIX || run === undefined || node === undefined) return [];
    return [{ run, node, path: unescaped(mount!.split(' ')[4]!) }];
  });
}

/** Takes away a disk that was left behind, also when its process is gone and programs still have files open. */
export async function removeDisk({ path }: MountedDisk): Promise<void> {
  await promisify(execFile)('umount', ['-i', '-f', '-l', path], {
    timeout: MOUNT_WITHIN,
    killSignal: 'SIGKILL',
  });
}

/** Blanks and the like stand as three octal digits behind a backslash. */
function unescaped(field: string): string {
  return field.replaceAll(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}
