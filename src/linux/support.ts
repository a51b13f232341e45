import { accessSync, constants } from 'node:fs';

/** Whether this machine and this user can have the linux world at all, or why not and what would help. */
export function linuxSupport(): true | string {
  if (process.platform !== 'linux') return `needs Linux; this is ${process.platform}`;
  if (process.getuid?.() !== 0)
    return 'needs root, for network namespaces and for the clocks and disks of other processes; run it with sudo';
  if (!writable('/dev/net/tun'))
    return 'needs /dev/net/tun; load the module (modprobe tun), or give the container that device';
  return true;
}

export function writable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
