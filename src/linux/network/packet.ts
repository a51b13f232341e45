/** IPv4 packets as a switch sees them: whose they are, and what a switch may make of them (RFC 791, 768, 9293). */

const TCP = 6;
const UDP = 17;
const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;

/** Addresses as one number each. */
export function source(packet: Uint8Array): number {
  return word(packet, 12);
}

export function destination(packet: Uint8Array): number {
  return word(packet, 16);
}

export function isIpv4(packet: Uint8Array): boolean {
  return packet.length >= 20 && packet[0]! >> 4 === 4;
}

/** Resets that end the connection of a TCP packet at both its ends, or null where there is none to end. */
export function resets(
  packet: Uint8Array,
): { readonly toSender: Uint8Array; readonly toReceiver: Uint8Array | null } | null {
  const segment = segmentOf(packet, TCP, 20);
  if (segment === null) return null;
  const flags = packet[segment + 13]!;
  if ((flags & RST) !== 0) return null;
  const [from, to] = [source(packet), destination(packet)];
  const [fromPort, toPort] = [half(packet, segment), half(packet, segment + 2)];
  const sequence = word(packet, segment + 4);
  const payload = packet.length - segment - (packet[segment + 12]! >> 4) * 4;
  const length = payload + ((flags & SYN) === 0 ? 0 : 1) + ((flags & FIN) === 0 ? 0 : 1);
  // RFC 9293, 3.10.7.1: a reset takes its number from the acknowledgement, else acknowledges what it answers.
  const acknowledges = (flags & ACK) !== 0;
  const toSender = tcpSegment(to, from, toPort, fromPort, {
    sequence: acknowledges ? word(packet, segment + 8) : 0,
    acknowledgement: acknowledges ? 0 : sequence + length,
    flags: acknowledges ? RST : RST | ACK,
  });
  // The receiver believes it because it bears the very number that the lost packet had.
  const begins = (flags & SYN) !== 0 && !acknowledges;
  const reset = { sequence, acknowledgement: 0, flags: RST };
  return { toSender, toReceiver: begins ? null : tcpSegment(from, to, fromPort, toPort, reset) };
}

/**
 * Where corruption can strike so that it arrives: the payload of TCP and UDP. A flip anywhere else is a loss, because the
 * kernel's checksum finds it. Empty for other packets.
 */
export function payloadOf(packet: Uint8Array): Uint8Array {
  const tcp = segmentOf(packet, TCP, 20);
  if (tcp !== null) return packet.subarray(tcp + (packet[tcp + 12]! >> 4) * 4);
  const udp = segmentOf(packet, UDP, 8);
  return packet.subarray(udp === null ? packet.length : udp + 8);
}

/** Makes the checksum of TCP or UDP right again: real corruption reaches programs when it slips past that sum. */
export function mendChecksum(packet: Uint8Array): void {
  const tcp = segmentOf(packet, TCP, 20);
  const udp = segmentOf(packet, UDP, 8);
  if (tcp !== null) putChecksum(packet, tcp, TCP, tcp + 16);
  // 0 says that there is no sum.
  else if (udp !== null && half(packet, udp + 6) !== 0) putChecksum(packet, udp, UDP, udp + 6);
}

/** Where the segment of a protocol begins; null for another protocol, a fragment, or one that is cut short. */
function segmentOf(packet: Uint8Array, protocol: number, least: number): number | null {
  const header = (packet[0]! & 15) * 4;
  const fragment = half(packet, 6) & 0x3fff;
  if (packet[9] !== protocol || fragment !== 0 || packet.length < header + least) return null;
  return header;
}

function tcpSegment(
  from: number,
  to: number,
  fromPort: number,
  toPort: number,
  tcp: { readonly sequence: number; readonly acknowledgement: number; readonly flags: number },
): Uint8Array {
  const packet = new Uint8Array(40);
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x45);
  view.setUint16(2, packet.length);
  view.setUint8(8, 64);
  view.setUint8(9, TCP);
  view.setUint32(12, from);
  view.setUint32(16, to);
  view.setUint16(10, complement(sum(packet, 0, 20, 0)));
  view.setUint16(20, fromPort);
  view.setUint16(22, toPort);
  view.setUint32(24, tcp.sequence);
  view.setUint32(28, tcp.acknowledgement);
  view.setUint8(32, 5 << 4);
  view.setUint8(33, tcp.flags);
  putChecksum(packet, 20, TCP, 36);
  return packet;
}

/** The sum over the segment and a pseudo header of addresses, protocol and length (RFC 9293, 3.1). */
function putChecksum(packet: Uint8Array, segment: number, protocol: number, at: number): void {
  packet[at] = 0;
  packet[at + 1] = 0;
  const pseudo = sum(packet, 12, 20, protocol + packet.length - segment);
  const checksum = complement(sum(packet, segment, packet.length, pseudo));
  // UDP writes a sum of 0 as its equal, because 0 says that there is none.
  const written = checksum === 0 && protocol === UDP ? 0xffff : checksum;
  packet[at] = written >> 8;
  packet[at + 1] = written & 0xff;
}

function sum(bytes: Uint8Array, from: number, to: number, start: number): number {
  let total = start;
  for (let i = from; i + 1 < to; i += 2) total += half(bytes, i);
  return (to - from) % 2 === 0 ? total : total + (bytes[to - 1]! << 8);
}

function complement(total: number): number {
  let folded = total;
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16);
  return ~folded & 0xffff;
}

function half(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

function word(bytes: Uint8Array, at: number): number {
  return ((half(bytes, at) << 16) | half(bytes, at + 2)) >>> 0;
}
