import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CaptureRing } from '../../../src/linux/network/capture.ts';
import { randomOf } from '../../../src/world/random.ts';
import { temporaryFolder } from '../../histories/temporary.ts';

const temporary = temporaryFolder();

/** The packets of a pcap file: nanoseconds since 1970, and bytes. */
function packetsIn(file: string): { time: number; bytes: Buffer; length: number }[] {
  const data = readFileSync(file);
  expect([data.readUInt32LE(0), data.readUInt32LE(20)]).toEqual([0xa1b23c4d, 101]);
  const packets = [];
  for (let at = 24; at < data.length; ) {
    const kept = data.readUInt32LE(at + 8);
    packets.push({
      time: data.readUInt32LE(at) * 1e9 + data.readUInt32LE(at + 4),
      bytes: data.subarray(at + 16, at + 16 + kept),
      length: data.readUInt32LE(at + 12),
    });
    at += 16 + kept;
  }
  return packets;
}

test('what is kept is the newest, whole and in order, however often the ring went round', () => {
  const random = randomOf('capture');
  for (const count of [1, 5, 40, 400]) {
    const ring = new CaptureRing(new SharedArrayBuffer(16 + 20_000));
    for (let i = 0; i < count; i++) {
      const packet = Buffer.alloc(random.between(20, 1500), i & 255);
      packet.writeUInt32LE(i);
      ring.add(1.5e9 + i, packet);
    }
    const file = temporary(`ring-${count}.pcap`);
    const written = ring.writeTo(file);
    const packets = packetsIn(file);
    expect(packets).toHaveLength(written);
    const numbers = packets.map(({ bytes }) => bytes.readUInt32LE());
    expect(numbers).toEqual(numbers.map((_, i) => count - numbers.length + i));
    expect(packets.map(({ time }) => time)).toEqual(numbers.map((number) => 1.5e9 + number));
    for (const { bytes } of packets) expect(new Set(bytes.subarray(4)).size).toBe(1);
    // Packets have 760 bytes on average; some room is lost where the ring ends.
    expect(numbers.length).toBeGreaterThanOrEqual(Math.min(count, 12));
  }
});

test('of a packet that is longer than any on a real network only the beginning is kept', () => {
  const ring = new CaptureRing(new SharedArrayBuffer(16 + 20_000));
  ring.add(0, new Uint8Array(5_000).fill(7));
  const file = temporary('long.pcap');
  ring.writeTo(file);
  expect(packetsIn(file)).toMatchObject([{ length: 5_000, bytes: { length: 2_048 } }]);
});
