import { expect, test } from 'vitest';
import { destination, mendChecksum, payloadOf, resets, source } from '../../../src/linux/network/packet.ts';

const N1 = 0xc612_0101;
const N2 = 0xc612_0102;

interface Tcp {
  readonly flags: number;
  readonly sequence?: number;
  readonly acknowledgement?: number;
  readonly payload?: string;
}

/** A packet of n1's port 1000 to n2's port 2000. */
function tcp({ flags, sequence = 0, acknowledgement = 0, payload = '' }: Tcp): Uint8Array {
  const packet = new Uint8Array(40 + payload.length);
  const view = new DataView(packet.buffer);
  packet.set([0x45, 0, 0, packet.length, 0, 0, 0x40, 0, 64, 6]);
  view.setUint32(12, N1);
  view.setUint32(16, N2);
  view.setUint16(20, 1000);
  view.setUint16(22, 2000);
  view.setUint32(24, sequence);
  view.setUint32(28, acknowledgement);
  packet.set([5 << 4, flags], 32);
  packet.set(new TextEncoder().encode(payload), 40);
  mendChecksum(packet);
  return packet;
}

/** The sum over header and segment that is 0xffff when the checksum in it is right (RFC 1071). */
function tcpSum(packet: Uint8Array): number {
  const words: number[] = [6, packet.length - 20];
  for (let i = 12; i < packet.length; i += 2) words.push((packet[i]! << 8) | (packet[i + 1] ?? 0));
  let total = words.reduce((sum, word) => sum + word, 0);
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return total;
}

function shown(packet: Uint8Array) {
  const view = new DataView(packet.buffer);
  return {
    ends: [source(packet), view.getUint16(20), destination(packet), view.getUint16(22)],
    sequence: view.getUint32(24),
    acknowledgement: view.getUint32(28),
    flags: packet[33],
    sum: tcpSum(packet),
  };
}

const TO_N1 = [N2, 2000, N1, 1000];
const TO_N2 = [N1, 1000, N2, 2000];

test('data on a connection are answered with resets that both ends believe', () => {
  const both = resets(tcp({ flags: 0x18, sequence: 77, acknowledgement: 500, payload: 'hello' }))!;
  expect(shown(both.toSender)).toEqual({
    ends: TO_N1,
    sequence: 500,
    acknowledgement: 0,
    flags: 4,
    sum: 0xffff,
  });
  expect(shown(both.toReceiver!)).toEqual({
    ends: TO_N2,
    sequence: 77,
    acknowledgement: 0,
    flags: 4,
    sum: 0xffff,
  });
});

test('a connection that begins is refused, and nobody else hears of it', () => {
  const both = resets(tcp({ flags: 0x02, sequence: 0xffff_ffff }))!;
  expect(shown(both.toSender)).toEqual({
    ends: TO_N1,
    sequence: 0,
    acknowledgement: 0,
    flags: 0x14,
    sum: 0xffff,
  });
  expect(both.toReceiver).toBeNull();
});

test('a reset is not answered, and neither is what is no TCP', () => {
  expect(resets(tcp({ flags: 0x04 }))).toBeNull();
  const udp = tcp({ flags: 0x18 });
  udp[9] = 17;
  expect(resets(udp)).toBeNull();
});

test.each(['', 'x', 'odd', 'even'])('the checksum of %j is right, and is again after a change', (payload) => {
  const packet = tcp({ flags: 0x18, sequence: 1, payload });
  expect(tcpSum(packet)).toBe(0xffff);
  expect(new TextDecoder().decode(payloadOf(packet))).toBe(payload);
  if (payload === '') return;
  payloadOf(packet)[0]! ^= 4;
  expect(tcpSum(packet)).not.toBe(0xffff);
  mendChecksum(packet);
  expect(tcpSum(packet)).toBe(0xffff);
});
