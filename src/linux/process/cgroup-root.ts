import { readFileSync } from 'node:fs';

/** Where control groups of version 2 are mounted, alone or beside those of version 1; null: nowhere. */
export function cgroupRoot(): string | null {
  const mount = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, , type, options]) => type === 'cgroup2' && options?.split(',').includes('rw'));
  return mount?.[1] ?? null;
}
