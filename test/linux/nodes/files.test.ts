import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Files } from '../../../src/linux/nodes/files.ts';
import { DiskError } from '../../../src/world/node-program.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newDisk() {
  const folder = mkdtempSync(join(tmpdir(), 'momus-files-'));
  folders.push(folder);
  return { folder, ...opened(folder) };
}

/** The disk in a folder, and how to wait for the syncs that were begun. */
function opened(folder: string) {
  const heard: string[] = [];
  let wake = () => {};
  const disk = new Files(folder, (tag, error) => {
    heard.push(error === undefined ? tag : `${tag}: ${error.code}`);
    wake();
  });
  const synced = async (count: number) => {
    while (heard.length < count) await new Promise<void>((resolve) => (wake = resolve));
    return heard;
  };
  return { disk, synced };
}

test('files hold what was written, whatever they are called, and a later life finds them', () => {
  const { disk, folder } = newDisk();
  const names = ['log', 'a/b', '..', 'log.new', '%41', 'ä ö'];
  for (const name of names) disk.append(name, `${name};`);
  disk.append('log', 'more');
  disk.write('a/b', 'new');
  expect(disk.list()).toEqual([...names].sort());
  const { disk: later } = opened(folder);
  expect(later.read('log')).toBe('log;more');
  expect(later.read('a/b')).toBe('new');
  expect(later.read('..')).toBe('..;');
  expect(later.read('none')).toBe(null);
  expect(later.list()).toEqual([...names].sort());
});

test('an append goes to the file that has the name now', () => {
  const { disk } = newDisk();
  disk.append('log', 'old');
  disk.append('log.new', 'new');
  disk.rename('log.new', 'log');
  disk.append('log', '+1');
  expect(disk.read('log')).toBe('new+1');
  expect(disk.read('log.new')).toBe(null);
  disk.write('log', 'whole');
  disk.append('log', '+2');
  expect(disk.read('log')).toBe('whole+2');
  disk.remove('log');
  disk.append('log', 'fresh');
  expect(disk.read('log')).toBe('fresh');
  expect(disk.list()).toEqual(['log']);
});

test('syncs finish in their order, also of files that were replaced or removed meanwhile', async () => {
  const { disk, synced } = newDisk();
  for (let i = 0; i < 20; i++) {
    disk.append('log', `${i}`);
    disk.sync(`s${i}`);
    if (i % 5 === 4) disk.write('log', 'anew');
    if (i % 7 === 6) disk.remove('log');
  }
  expect(await synced(20)).toEqual(Array.from({ length: 20 }, (_, i) => `s${i}`));
});

test('what is not there is an error of the disk; what an interrupted write left is no file', () => {
  const { disk, folder } = newDisk();
  expect(() => disk.rename('none', 'other')).toThrow(DiskError);
  expect(() => disk.remove('none')).toThrow('ENOENT');
  writeFileSync(join(folder, '%new'), 'half');
  expect(disk.list()).toEqual([]);
  disk.write('log', 'whole');
  expect(readdirSync(folder)).toEqual(['log']);
});
