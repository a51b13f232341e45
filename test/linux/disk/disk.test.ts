import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NodeDisk } from '../../../src/linux/disk/disk.ts';
import { mountedDisks, removeDisk } from '../../../src/linux/disk/leftovers.ts';
import { diskSupport } from '../../../src/linux/disk/support.ts';

const support = diskSupport();
const RUN = `test-${process.pid}`;

describe.skipIf(support !== true)(`disks (${support === true ? 'as root' : support})`, () => {
  let folder: string;
  let disk: NodeDisk;
  let at: (name: string) => string;

  beforeAll(async () => {
    folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'momus-disk-'));
    chmodSync(folder, 0o755);
    disk = await mount('n1');
    at = (name) => join(disk.path, name);
  });

  afterAll(async () => {
    await disk.unmount();
    rmSync(folder, { recursive: true });
  });

  function mount(node: string): Promise<NodeDisk> {
    const options = {
      run: RUN,
      node,
      mountPoint: join(folder, node, 'disk'),
      backing: join(folder, node, 'backing'),
    };
    return NodeDisk.mount({ ...options, seed: `disk test ${node}` });
  }

  /** Writes a file and makes it, and its name, safe. */
  function writeSafely(name: string, text: string): void {
    const fd = openSync(at(name), 'w');
    writeSync(fd, text);
    fsyncSync(fd);
    closeSync(fd);
  }

  test('it behaves as a file system does', () => {
    mkdirSync(at('d/e'), { recursive: true });
    writeFileSync(at('d/a'), 'alpha');
    writeFileSync(at('d/a'), ' and beta', { flag: 'a' });
    linkSync(at('d/a'), at('d/hard'));
    symlinkSync('a', at('d/soft'));
    expect(readFileSync(at('d/soft'), 'utf8')).toBe('alpha and beta');
    expect([statSync(at('d/a')).nlink, statSync(at('d')).nlink]).toEqual([2, 3]);
    expect(readlinkSync(at('d/soft'))).toBe('a');
    renameSync(at('d/a'), at('d/e/b'));
    expect(readdirSync(at('d')).sort()).toEqual(['e', 'hard', 'soft']);
    expect(() => rmdirSync(at('d/e'))).toThrow('ENOTEMPTY');
    expect(() => readFileSync(at('d/soft'))).toThrow('ENOENT');
    truncateSync(at('d/hard'), 5);
    truncateSync(at('d/hard'), 7);
    expect(readFileSync(at('d/e/b'), 'latin1')).toBe('alpha\0\0');
    unlinkSync(at('d/hard'));
    expect(statSync(at('d/e/b')).nlink).toBe(1);
    chmodSync(at('d/e/b'), 0o640);
    chownSync(at('d/e/b'), 12, 34);
    utimesSync(at('d/e/b'), 1000, 2000.5);
    const { mode, uid, gid, mtimeMs, size } = lstatSync(at('d/e/b'));
    expect([mode & 0o7777, uid, gid, mtimeMs, size]).toEqual([0o640, 12, 34, 2_000_500, 7]);
    expect(statfsSync(disk.path).bavail).toBeGreaterThan(0);
    rmSync(at('d'), { recursive: true });
    expect(readdirSync(disk.path)).toEqual([]);
  });

  test('a slow sync of the root directory holds up neither its own end nor the healing', async () => {
    await disk.change({ slow: 20e6 });
    const root = await open(disk.path, 'r');
    await root.sync();
    await disk.change({ slow: 3600e9 });
    const endless = root.sync();
    await disk.heal();
    await endless;
    await root.close();
  });

  test('a file that was unlinked lives until it is closed', () => {
    const fd = openSync(at('open'), 'w+');
    writeSync(fd, 'still there');
    unlinkSync(at('open'));
    const bytes = Buffer.alloc(11);
    readSync(fd, bytes, 0, 11, 0);
    closeSync(fd);
    expect(bytes.toString()).toBe('still there');
    expect(existsSync(at('open'))).toBe(false);
  });

  test('a directory of thousands of names is read whole', () => {
    mkdirSync(at('many'));
    const names = Array.from({ length: 2000 }, (_, i) => `file with a rather long name, number ${i}`);
    for (const name of names) closeSync(openSync(at(`many/${name}`), 'w'));
    expect(new Set(readdirSync(at('many')))).toEqual(new Set(names));
    rmSync(at('many'), { recursive: true });
  });

  test('permissions are the kernel’s affair: another user is refused', () => {
    const readAsOther = (name: string) =>
      execFileSync('setpriv', ['--reuid=12345', '--clear-groups', 'cat', at(name)], { stdio: 'pipe' });
    writeFileSync(at('secret'), 'x', { mode: 0o600 });
    writeFileSync(at('open'), 'y', { mode: 0o644 });
    expect(() => readAsOther('secret')).toThrow('Permission denied');
    expect(readAsOther('open').toString()).toBe('y');
    for (const name of ['secret', 'open']) rmSync(at(name));
  });

  test.skipIf(!existsSync('/usr/bin/python3'))(
    'a shared mapping sees what is written, locks hold, and space is reserved',
    () => {
      const program = `
import fcntl, mmap, os, sys
fd = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
os.posix_fallocate(fd, 0, 8192)
shared = mmap.mmap(fd, 8192, mmap.MAP_SHARED, mmap.PROT_READ)
os.pwrite(fd, b'seen', 4096)
assert shared[4096:4100] == b'seen', shared[4096:4100]
written = mmap.mmap(fd, 8192)
written[0:6] = b'mapped'
written.flush()
assert os.pread(fd, 6, 0) == b'mapped'
fcntl.flock(fd, fcntl.LOCK_EX)
other = os.open(sys.argv[1], os.O_RDWR)
try: fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB); raise SystemExit('locked twice')
except BlockingIOError: pass
direct = os.open(sys.argv[1], os.O_RDWR | os.O_DIRECT)
page = mmap.mmap(-1, 4096); page.write(b'd' * 4096)
os.pwrite(direct, page, 4096)
assert os.pread(fd, 4, 4096) == b'dddd'
print('fine')`;
      expect(execFileSync('/usr/bin/python3', ['-c', program, at('mapped')], { encoding: 'utf8' })).toBe(
        'fine\n',
      );
      rmSync(at('mapped'));
    },
  );

  test('power loss takes what was not synced, and leaves what was', async () => {
    writeSafely('synced', 'safe');
    writeFileSync(at('synced'), ' and not', { flag: 'a' });
    writeFileSync(at('unsynced'), 'never seen again');
    expect(readFileSync(at('synced'), 'utf8')).toBe('safe and not');
    expect(await disk.losePower('lost')).toEqual({ unsynced: 3, kept: 0, torn: false });
    expect(readdirSync(disk.path)).toEqual(['synced']);
    expect(readFileSync(at('synced'), 'utf8')).toBe('safe');
  });

  test('a rename is safe once its directory is synced', async () => {
    writeSafely('new', 'new');
    renameSync(at('new'), at('renamed'));
    await disk.losePower('lost');
    expect(existsSync(at('new'))).toBe(true);
    renameSync(at('new'), at('renamed'));
    const directory = openSync(disk.path, 'r');
    fsyncSync(directory);
    closeSync(directory);
    await disk.losePower('lost');
    expect(existsSync(at('new'))).toBe(false);
    expect(readFileSync(at('renamed'), 'utf8')).toBe('new');
  });

  test('a full disk takes no more, a failing one fails, and both recover', async () => {
    const fd = openSync(at('log'), 'a');
    await disk.change({ full: true });
    expect(() => writeSync(fd, 'x')).toThrow('ENOSPC');
    expect(statfsSync(disk.path).bavail).toBe(0);
    await disk.change({ full: false, eio: 1 });
    expect(() => writeSync(fd, 'x')).toThrow('EIO');
    expect(() => fsyncSync(fd)).toThrow('EIO');
    await disk.heal();
    writeSync(fd, 'x');
    fsyncSync(fd);
    closeSync(fd);
    await disk.losePower('lost');
    expect(readFileSync(at('log'), 'utf8')).toBe('x');
  });

  test('a slow sync takes its time, keeps nobody else waiting, and ends with the power', async () => {
    await disk.change({ slow: 3600e9 });
    const program = `
const fs = require('fs');
const fd = fs.openSync(process.argv[1], 'w');
fs.writeSync(fd, 'x');
fs.fsync(fd, (error) => console.log(error ? error.code : 'synced'));
console.log('begun');`;
    const child = spawn(process.execPath, ['-e', program, at('slow')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said: string[] = [];
    const ended = new Promise((resolve) => child.once('close', resolve));
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (text) => {
        said.push(String(text).trim());
        resolve();
      });
    });
    expect(said).toEqual(['begun']);
    expect(readFileSync(at('slow'), 'utf8')).toBe('x');
    await disk.losePower('lost');
    await ended;
    expect(said[1]).toMatch(/ENOTCONN|ECONNABORTED|EIO/);
    await disk.change({ slow: 1e6 });
    writeSafely('slow', 'slowly');
    await disk.heal();
  });

  test('a disk that is well again ends the syncs that it kept waiting', async () => {
    await disk.change({ slow: 3600e9 });
    const file = await open(at('waiting'), 'w');
    await file.write('x');
    const synced = file.sync();
    await disk.heal();
    await synced;
    await file.close();
    await disk.losePower('lost');
    expect(readFileSync(at('waiting'), 'utf8')).toBe('x');
  });

  test('a flipped bit is read, also by who has just read the file', async () => {
    const zeros = '\0'.repeat(5000);
    writeSafely('table', zeros);
    expect(readFileSync(at('table'), 'latin1')).toBe(zeros);
    const flipped = (await disk.flipBit('table'))!;
    expect(flipped.file).toBe('table');
    await expect.poll(() => readFileSync(at('table'))[flipped.at], { timeout: 20_000 }).not.toBe(0);
    expect(await disk.flipBit('no such file')).toBe(null);
  });

  test('fdatasync of a file that has not grown leaves renames unsafe', async () => {
    writeSafely('wal', 'x'.repeat(8192));
    writeSafely('a', 'a');
    renameSync(at('a'), at('b'));
    const fd = openSync(at('wal'), 'r+');
    writeSync(fd, 'y', 0);
    fdatasyncSync(fd);
    closeSync(fd);
    await disk.losePower('lost');
    expect(existsSync(at('a'))).toBe(true);
    expect(readFileSync(at('wal'), 'utf8').startsWith('yx')).toBe(true);
  });

  test('a disk whose process was killed is found and taken away', async () => {
    const other = await mount('n2');
    const mounted = mountedDisks(RUN);
    expect(mounted.map(({ node }) => node).sort()).toEqual(['n1', 'n2']);
    const left = mounted.find(({ node }) => node === 'n2')!;
    const gone = other.ended;
    process.kill(other.pid, 'SIGKILL');
    await gone;
    expect(() => readdirSync(other.path)).toThrow('ENOTCONN');
    await removeDisk(left);
    expect(mountedDisks(RUN).map(({ node }) => node)).toEqual(['n1']);
    expect(readdirSync(other.path)).toEqual([]);
    await expect(other.losePower('lost')).rejects.toThrow('has no process any more');
    await other.unmount();
  });

  test('a disk goes with its controller, however that ends', async () => {
    const program = `
import { NodeDisk } from ${JSON.stringify(join(process.cwd(), 'src/linux/disk/disk.ts'))};
const folder = ${JSON.stringify(join(folder, 'n3'))};
await NodeDisk.mount({ run: '${RUN}', node: 'n3', mountPoint: folder + '/disk', backing: folder + '/backing', seed: '' });
console.log('mounted');`;
    const controller = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => controller.stdout.once('data', resolve));
    expect(mountedDisks(RUN).map(({ node }) => node)).toContain('n3');
    controller.kill('SIGKILL');
    await expect.poll(() => mountedDisks(RUN).length, { timeout: 20_000 }).toBe(1);
  });
});
