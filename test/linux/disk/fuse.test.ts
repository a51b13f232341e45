import { expect, test } from 'vitest';
import {
  decodeRequest,
  encodeError,
  encodeHeader,
  encodeInvalidation,
  OPCODE,
  putEntries,
  putEntry,
  putInit,
  putU64,
  strings,
  u64,
} from '../../../src/linux/disk/fuse.ts';
import { disksIn, sourceOf } from '../../../src/linux/disk/leftovers.ts';

/** What a kernel sends: struct fuse_in_header, then the body. */
function request(opcode: number, node: number, body: Buffer): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(40 + body.length, 0);
  header.writeUInt32LE(opcode, 4);
  header.writeBigUInt64LE(0xffff_ffff_0000_0001n, 8);
  putU64(header, 16, node);
  header.writeUInt32LE(1000, 24);
  header.writeUInt32LE(1001, 28);
  return Buffer.concat([header, body]);
}

test('a request is read back, and what follows it in the buffer is not', () => {
  const bytes = Buffer.concat([request(OPCODE.LOOKUP, 2 ** 40, Buffer.from('name\0')), Buffer.from('rest')]);
  const { opcode, unique, node, uid, gid, body } = decodeRequest(bytes);
  expect({ opcode, unique, node, uid, gid }).toEqual({
    ...{ opcode: OPCODE.LOOKUP, unique: 0xffff_ffff_0000_0001n, node: 2 ** 40, uid: 1000, gid: 1001 },
  });
  expect(strings(body, 0)).toEqual(['name']);
});

test('names may be of any letters, and several', () => {
  expect(strings(Buffer.from('12345678größe\0ziel\0'), 8)).toEqual(['größe', 'ziel']);
});

test('64-bit numbers below 2^53 survive', () => {
  const bytes = Buffer.alloc(8);
  for (const value of [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 52 + 12345, Number.MAX_SAFE_INTEGER]) {
    putU64(bytes, 0, value);
    expect([u64(bytes, 0), bytes.readBigUInt64LE(0)]).toEqual([value, BigInt(value)]);
  }
});

test('answers say their length and whose they are; errors are negative', () => {
  const answer = encodeHeader(Buffer.alloc(100), 7n, 24);
  expect([answer.length, answer.readUInt32LE(0), answer.readInt32LE(4), answer.readBigUInt64LE(8)]).toEqual([
    40,
    40,
    0,
    7n,
  ]);
  expect(encodeError(9n, 'ENOSPC').readInt32LE(4)).toBe(-28);
  // A notice has no request: unique 0, and its code where errors stand.
  const notice = encodeInvalidation(5);
  expect([notice.readBigUInt64LE(8), notice.readInt32LE(4), u64(notice, 16)]).toEqual([0n, 2, 5]);
});

test('the structures have the sizes and places that the kernel expects', () => {
  const out = Buffer.alloc(256, 0xee);
  const time = { s: 1_800_000_000, ns: 5 };
  const attributes = {
    ...{ node: 3, size: 5000, atime: time, mtime: time, ctime: time, mode: 0o100640, links: 2 },
    ...{ uid: 10, gid: 11, rdev: 0 },
  };
  expect(putEntry(out, 0, attributes)).toBe(128);
  expect([u64(out, 0), u64(out, 8), u64(out, 40), u64(out, 48), u64(out, 56)]).toEqual([3, 0, 3, 5000, 10]);
  expect([u64(out, 64), out.readUInt32LE(88), out.readUInt32LE(100), out.readUInt32LE(104)]).toEqual([
    time.s,
    5,
    0o100640,
    2,
  ]);
  expect(out[128]).toBe(0xee);
  expect([putEntry(out, 0, null), u64(out, 0)]).toEqual([128, 0]);
  const asked = Buffer.alloc(16);
  asked.writeUInt32LE(131072, 8);
  asked.writeUInt32LE(0xffffffff, 12);
  expect(putInit(out, 0, asked)).toBe(64);
  expect([out.readUInt32LE(0), out.readUInt32LE(8), out.readUInt32LE(20), out.readUInt16LE(28)]).toEqual([
    7, 131072, 1048576, 256,
  ]);
  // FUSE_WRITEBACK_CACHE would hide writes from us.
  expect(out.readUInt32LE(12) & (1 << 16)).toBe(0);
});

test('a directory is told in pieces that fit, without losing or repeating a name', () => {
  const entries = Array.from({ length: 100 }, (_, i) => ({
    name: `é${'x'.repeat(i % 20)}${i}`,
    node: i + 1,
    mode: 0o100644,
  }));
  const told: string[] = [];
  const out = Buffer.alloc(512);
  for (let from = 0; ; ) {
    const used = putEntries(out, 0, out.length, entries, from);
    if (used === 0) break;
    expect(used % 8).toBe(0);
    for (let at = 0; at < used; ) {
      const length = out.readUInt32LE(at + 16);
      told.push(out.toString('utf8', at + 24, at + 24 + length));
      expect(out.readUInt32LE(at + 20)).toBe(8); // DT_REG
      from = u64(out, at + 8);
      at += Math.ceil((24 + length) / 8) * 8;
    }
  }
  expect(told).toEqual(entries.map(({ name }) => name));
});

test('mounts of any run are told from those of others', () => {
  const mountinfo = [
    '24 1 254:0 / / rw,relatime - ext4 /dev/vda rw',
    `31 24 0:38 / /tmp/with\\040blank rw,noatime - fuse.momus ${sourceOf('r7', 'n1')} rw,user_id=0`,
    '32 24 0:39 / /mnt rw - fuse.sshfs momus:r7:n2 rw',
    '33 24 0:40 / /x rw shared:1 - fuse.momus other rw',
  ].join('\n');
  expect(disksIn(mountinfo)).toEqual([{ run: 'r7', node: 'n1', path: '/tmp/with blank' }]);
});
