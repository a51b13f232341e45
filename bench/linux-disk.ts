import {
  closeSync,
  fdatasyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { NodeDisk } from '../src/linux/disk/disk.ts';
import { diskSupport } from '../src/linux/disk/support.ts';
import type { Measure } from './linux.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** What a program does with a file, so many bytes in each call. */
interface Load {
  readonly what: string;
  readonly bytes: number;
  readonly calls: number;
  call(fd: number, buffer: Buffer, i: number): void;
}

const LOADS: readonly Load[] = [
  {
    what: 'write 1 MiB',
    bytes: MIB,
    calls: 200,
    call: (fd, buffer, i) => writeSync(fd, buffer, 0, MIB, (i % 100) * MIB),
  },
  {
    what: 'write 4 KiB',
    bytes: 4 * KIB,
    calls: 5000,
    call: (fd, buffer, i) => writeSync(fd, buffer, 0, 4 * KIB, i * 4 * KIB),
  },
  {
    what: 'write 8 KiB and fdatasync',
    bytes: 8 * KIB,
    calls: 2000,
    call: (fd, buffer, i) => {
      writeSync(fd, buffer, 0, 8 * KIB, i * 8 * KIB);
      fdatasyncSync(fd);
    },
  },
  {
    what: 'read 1 MiB, not in the page cache',
    bytes: MIB,
    calls: 100,
    call: (fd, buffer, i) => readSync(fd, buffer, 0, MIB, i * MIB),
  },
  {
    what: 'read 4 KiB from the page cache',
    bytes: 4 * KIB,
    calls: 20_000,
    call: (fd, buffer, i) => readSync(fd, buffer, 0, 4 * KIB, (i % 1000) * 4 * KIB),
  },
];

/** Our disk against its own backing directory in memory, by the same calls of one Node process. */
export async function benchLinuxDisk(): Promise<Measure[]> {
  const support = diskSupport();
  if (support !== true) return [{ what: 'disks', measured: `not measured: ${support}` }];
  const folder = mkdtempSync('/dev/shm/momus-bench-');
  const plain = join(folder, 'plain');
  mkdirSync(plain);
  const backing = join(folder, 'backing');
  const disk = await NodeDisk.mount({
    run: 'bench',
    node: 'n1',
    mountPoint: join(folder, 'disk'),
    backing,
    seed: '1',
  });
  try {
    const measures: Measure[] = [];
    for (const load of LOADS) {
      // Mounts the disk anew, so that the kernel has nothing of it in memory.
      if (load.what.startsWith('read 1')) await disk.losePower('lost');
      const ours = timed(disk.path, load, () => cpuOf(disk.pid));
      const theirs = timed(plain, load, () => 0);
      measures.push({ what: `disk: ${load.what}`, measured: `${ours}; plain: ${theirs}` });
    }
    return measures;
  } finally {
    await disk.unmount();
    rmSync(folder, { recursive: true });
  }
}

/** CPU time and time of a call: of the caller and, as far as `others` knows, of who serves it. */
function timed(folder: string, { bytes, calls, call }: Load, others: () => number): string {
  const fd = openSync(join(folder, 'file'), 'a+');
  closeSync(fd);
  const file = openSync(join(folder, 'file'), 'r+');
  const buffer = Buffer.alloc(MIB, 7);
  const cpuBefore = others();
  const ownBefore = process.cpuUsage();
  const before = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) call(file, buffer, i);
  const micros = Number(process.hrtime.bigint() - before) / 1e3;
  const { user, system } = process.cpuUsage(ownBefore);
  const cpu = user + system + others() - cpuBefore;
  fdatasyncSync(file);
  closeSync(file);
  return `${short(cpu / calls)} µs of CPU, ${short(micros / calls)} µs, ${short((bytes * calls) / micros)} MB/s`;
}

/** CPU time of a process so far, µs: utime and stime of proc(5), in ticks of 10 ms. */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const [utime, stime] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (utime! + stime!) * 10_000;
}

function short(x: number): string {
  return x < 10 ? x.toFixed(1) : x.toFixed(0);
}
