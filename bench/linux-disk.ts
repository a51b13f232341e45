import {
  closeSync,
  fdatasyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
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
      const ours = timed(disk.path, load);
      const theirs = timed(plain, load);
      measures.push({ what: `disk: ${load.what}`, measured: `${ours} (plain ${theirs})` });
    }
    return measures;
  } finally {
    await disk.unmount();
    rmSync(folder, { recursive: true });
  }
}

/** `µs a call, MB/s`. */
function timed(folder: string, { bytes, calls, call }: Load): string {
  const fd = openSync(join(folder, 'file'), 'a+');
  closeSync(fd);
  const file = openSync(join(folder, 'file'), 'r+');
  const buffer = Buffer.alloc(MIB, 7);
  const before = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) call(file, buffer, i);
  const seconds = Number(process.hrtime.bigint() - before) / 1e9;
  fdatasyncSync(file);
  closeSync(file);
  const perCall = (seconds / calls) * 1e6;
  return `${perCall < 10 ? perCall.toFixed(1) : perCall.toFixed(0)} µs, ${((bytes * calls) / seconds / 1e6).toFixed(0)} MB/s`;
}
