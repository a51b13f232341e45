import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { tornBytes } from '../../../src/faults/disk.ts';
import type { UnsyncedFate } from '../../../src/faults/fault.ts';
import { DIRECTORY, type Inode, isDirectory, REGULAR } from '../../../src/linux/disk/inode.ts';
import { VolatileDisk } from '../../../src/linux/disk/volatile-disk.ts';
import { type RandomStream, randomOf } from '../../../src/world/random.ts';

const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newDisk(random: RandomStream): VolatileDisk {
  const folder = mkdtempSync(join(MEMORY, 'momus-disk-'));
  folders.push(folder);
  return new VolatileDisk(folder, random.fork('disk'));
}

/** Every path with the mode and the bytes of what it names. */
function contents(disk: VolatileDisk): Record<string, string> {
  const all: Record<string, string> = {};
  const walk = (directory: Inode, path: string): void => {
    for (const [name, inode] of directory.entries!) {
      all[path + name] = `${inode.mode.toString(8)} ${inode.data?.bytes(0, 1e9).toString('hex') ?? ''}`;
      if (isDirectory(inode)) walk(inode, `${path}${name}/`);
    }
  };
  walk(disk.root, '');
  return all;
}

/** One change of the naive model: what it does to a whole disk, and whether it is safe. */
interface Step {
  readonly to: number;
  readonly of: 'data' | 'names';
  readonly resizes: () => boolean;
  readonly redo: (naive: Naive) => void;
  safe: boolean;
}

/** The files that a change of names has to do with, when there is more than one. */
const touched = new Map<Step, number[]>();

/** A disk as names of numbered files: for each a mode and its bytes. */
interface Naive {
  readonly names: Map<string, number>;
  readonly modes: Map<number, number>;
  readonly bytes: Map<number, Buffer>;
}

/** The changes that a power loss may take: not those of a file to which nothing leads any more. */
function outstanding(steps: readonly Step[]): Step[] {
  const unsafe = steps.filter(({ safe }) => !safe);
  const found = new Set(replay(steps).names.values());
  for (const step of unsafe)
    if (step.of === 'names') for (const id of touched.get(step) ?? [step.to]) found.add(id);
  return unsafe.filter(({ of, to }) => of === 'names' || found.has(to));
}

/** The disk that these changes make, done one after another from nothing. */
function replay(steps: readonly Step[]): Naive {
  const naive: Naive = { names: new Map(), modes: new Map(), bytes: new Map() };
  for (const { redo } of steps) redo(naive);
  return naive;
}

function naiveContents({ names, modes, bytes }: Naive): Record<string, string> {
  return Object.fromEntries(
    [...names].map(([name, id]) => [
      name,
      `${modes.get(id)!.toString(8)} ${(bytes.get(id) ?? Buffer.alloc(0)).toString('hex')}`,
    ]),
  );
}

/** The bytes of a file after a write, with zeros in a hole. */
function overwritten(old: Buffer, bytes: Buffer, at: number): Buffer {
  const whole = Buffer.alloc(Math.max(old.length, at + bytes.length));
  old.copy(whole);
  bytes.copy(whole, at);
  return whole;
}

/** Does something random to a disk and tells the naive model; false when it made no sense. */
function disturb(disk: VolatileDisk, steps: Step[], random: RandomStream): boolean {
  const names = [...disk.root.entries!.keys()];
  const name = `f${random.int(6)}`;
  const inode = disk.root.entries!.get(name);
  const step = (of: Step['of'], to: Inode, resizes: () => boolean, redo: Step['redo']) =>
    steps.push({ of, to: to.id, resizes, redo, safe: false });
  const no = () => false;
  if (inode === undefined) {
    const directory = random.chance(0.2);
    const made = disk.newInode((directory ? DIRECTORY : REGULAR) | 0o644, 0, 0);
    disk.rename([{ kind: 'add', directory: disk.root, name, inode: made }]);
    step('names', made, no, (naive) => {
      naive.names.set(name, made.id);
      naive.modes.set(made.id, (directory ? DIRECTORY : REGULAR) | 0o644);
    });
    return true;
  }
  const { id, data } = inode;
  switch (random.int(8)) {
    case 0: {
      disk.rename([{ kind: 'remove', directory: disk.root, name, inode }]);
      step('names', inode, no, (naive) => naive.names.delete(name));
      return true;
    }
    case 1: {
      const to = random.pick(names);
      const target = disk.root.entries!.get(to)!;
      if (target === inode || target.entries !== null || data === null) return false;
      disk.rename([
        { kind: 'remove', directory: disk.root, name: to, inode: target },
        { kind: 'remove', directory: disk.root, name, inode },
        { kind: 'add', directory: disk.root, name: to, inode },
      ]);
      step('names', inode, no, (naive) => {
        naive.names.delete(name);
        naive.names.set(to, id);
      });
      // All files that the change names are named in the journal.
      touched.set(steps.at(-1)!, [id, target.id]);
      return true;
    }
    case 2: {
      const mode = (inode.mode & ~0o777) | random.int(0o1000);
      disk.setAttributes(inode, { mode });
      step('names', inode, no, (naive) => naive.modes.set(id, mode));
      return true;
    }
    case 3: {
      if (data === null) return false;
      const size = random.int(3000);
      const resized = size !== data.size;
      if (!resized) return false;
      disk.resize(inode, size);
      step(
        'data',
        inode,
        () => true,
        (naive) => {
          const old = naive.bytes.get(id) ?? Buffer.alloc(0);
          const next = Buffer.alloc(size);
          old.copy(next);
          naive.bytes.set(id, next);
        },
      );
      return true;
    }
    case 4: {
      const dataOnly = random.chance(0.5);
      disk.sync(inode, disk.now, dataOnly);
      let commits = !dataOnly;
      for (const done of steps.filter(({ safe }) => !safe)) {
        if (done.of === 'data' && done.to === id) {
          commits ||= done.resizes();
          done.safe = true;
        } else if (done.of === 'names' && (touched.get(done) ?? [done.to]).includes(id)) commits = true;
      }
      if (commits) for (const done of steps) done.safe ||= done.of === 'names';
      return true;
    }
    default: {
      if (data === null) return false;
      const bytes = Buffer.alloc(1 + random.int(1500), 1 + random.int(255));
      const at = random.int(2000);
      const grows = at + bytes.length > data.size;
      disk.write(inode, bytes, at);
      step(
        'data',
        inode,
        () => grows,
        (naive) => naive.bytes.set(id, overwritten(naive.bytes.get(id) ?? Buffer.alloc(0), bytes, at)),
      );
      return true;
    }
  }
}

test.each(['lost', 'prefix'] as const)(
  'power loss, %s, leaves what a naive model says',
  (fate: UnsyncedFate) => {
    let kept = 0;
    let lost = 0;
    for (let seed = 0; seed < 25; seed++) {
      const random = randomOf(`volatile-disk ${seed}`);
      const disk = newDisk(random);
      let steps: Step[] = [];
      for (let loss = 0; loss < 3; loss++) {
        for (let i = 0; i < 40; i++) disturb(disk, steps, random);
        expect(contents(disk)).toEqual(naiveContents(replay(steps)));
        const unsafe = outstanding(steps);
        const result = disk.losePower(fate);
        expect(result.unsynced).toBe(unsafe.length);
        if (fate === 'lost') expect(result.kept).toBe(0);
        const survived = new Set(unsafe.slice(0, result.kept));
        steps = steps.filter((step) => step.safe || survived.has(step));
        for (const step of steps) step.safe = true;
        expect(contents(disk)).toEqual(naiveContents(replay(steps)));
        kept += result.kept;
        lost += result.unsynced - result.kept;
      }
    }
    expect(lost).toBeGreaterThan(200);
    if (fate === 'prefix') expect(kept).toBeGreaterThan(200);
  },
);

test('a torn write survives up to a border of sectors or blocks', () => {
  const lengths = new Set<number>();
  for (let seed = 0; seed < 80; seed++) {
    const disk = newDisk(randomOf(seed));
    const inode = disk.newInode(REGULAR | 0o644, 0, 0);
    disk.rename([{ kind: 'add', directory: disk.root, name: 'log', inode }]);
    disk.write(inode, Buffer.alloc(100, 1), 0);
    disk.sync(inode, disk.now, false);
    disk.write(inode, Buffer.alloc(10_000, 2), 100);
    const { unsynced, kept, torn } = disk.losePower('torn');
    expect(unsynced).toBe(1);
    const { size } = inode.data!;
    if (kept === 1) expect(size).toBe(10_100);
    else {
      expect(torn).toBe(true);
      lengths.add(size);
      expect(size === 100 || size % 512 === 0).toBe(true);
      expect(inode.data!.bytes(0, size)).toEqual(
        Buffer.concat([Buffer.alloc(100, 1), Buffer.alloc(size - 100, 2)]),
      );
    }
  }
  expect(lengths.size).toBeGreaterThan(5);
});

test('a write within one sector is never torn', () => {
  const random = randomOf('tear');
  for (let i = 0; i < 100; i++) expect(tornBytes(512 * 7 + 12, 500, random)).toBe(0);
});

test('a sync covers what was there when it began', () => {
  const disk = newDisk(randomOf(1));
  const inode = disk.newInode(REGULAR | 0o644, 0, 0);
  disk.rename([{ kind: 'add', directory: disk.root, name: 'a', inode }]);
  disk.write(inode, Buffer.from('before'), 0);
  const began = disk.now;
  disk.write(inode, Buffer.from('after!'), 6);
  disk.sync(inode, began, true);
  disk.losePower('lost');
  expect(contents(disk)).toEqual({ a: `100644 ${Buffer.from('before').toString('hex')}` });
});

test('a rename may be safe without the bytes of the file, and bytes need a name to be found', () => {
  const disk = newDisk(randomOf(1));
  const add = (name: string) => {
    const inode = disk.newInode(REGULAR | 0o644, 0, 0);
    disk.rename([{ kind: 'add', directory: disk.root, name, inode }]);
    return inode;
  };
  const old = add('config');
  disk.write(old, Buffer.from('old'), 0);
  disk.sync(old, disk.now, false);
  const next = add('config.new');
  disk.write(next, Buffer.from('new'), 0);
  disk.rename([
    { kind: 'remove', directory: disk.root, name: 'config', inode: old },
    { kind: 'remove', directory: disk.root, name: 'config.new', inode: next },
    { kind: 'add', directory: disk.root, name: 'config', inode: next },
  ]);
  // What others forget: to sync the file before, not only the directory after.
  disk.sync(disk.root, disk.now, false);
  disk.losePower('lost');
  expect(contents(disk)).toEqual({ config: '100644 ' });
});

test('a bit is flipped in safe bytes only', () => {
  const disk = newDisk(randomOf(1));
  const inode = disk.newInode(REGULAR | 0o644, 0, 0);
  disk.rename([{ kind: 'add', directory: disk.root, name: 'table', inode }]);
  disk.write(inode, Buffer.alloc(1000), 0);
  expect(disk.flipBit('')).toBe(null);
  disk.sync(inode, disk.now, false);
  disk.write(inode, Buffer.alloc(990), 10);
  expect(disk.flipBit('log')).toBe(null);
  const flipped = disk.flipBit('tab')!;
  expect(flipped.file).toBe('table');
  expect(flipped.at).toBeLessThan(10);
  const ones = [...inode.data!.bytes(0, 1000)].filter((byte) => byte !== 0);
  expect(ones).toHaveLength(1);
  expect([1, 2, 4, 8, 16, 32, 64, 128]).toContain(ones[0]);
  disk.losePower('lost');
  expect(inode.data!.bytes(flipped.at, 1)[0]).toBe(ones[0]);
});
