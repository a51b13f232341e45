import { accessSync, constants, existsSync, readFileSync } from 'node:fs';

/** Whether this machine can mount our disks, or why not and what would help. */
export function diskSupport(): true | string {
  if (process.platform !== 'linux') return 'disks are FUSE file systems of Linux';
  if (process.getuid?.() !== 0) return 'to mount disks, run as root';
  if (!existsSync('/dev/fuse'))
    return readFileSync('/proc/filesystems', 'utf8').includes('fuse')
      ? 'there is no /dev/fuse (mknod /dev/fuse c 10 229; in a container: --device /dev/fuse)'
      : 'this kernel has no FUSE (modprobe fuse)';
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK);
  } catch {
    return '/dev/fuse may not be opened';
  }
  return true;
}
