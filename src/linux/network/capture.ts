import { closeSync, openSync, writeSync } from 'node:fs';

/** How much of the latest traffic is kept. */
const CAPACITY = 64 * 1024 * 1024;

/** Of each packet so many bytes. */
const LONGEST = 2_048;

const MAGIC_NANOSECONDS = 0xa1b23c4d;
const LINK_TYPE_RAW = 101;

/**
 * A ring of packets as a pcap file has them (header of 16 bytes, then the packet), which one thread fills and another
 * empties once the first has ended. The newest push the oldest out.
 */
export class CaptureRing {
  readonly memory: SharedArrayBuffer;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  /** Where the oldest record begins, and where the next will; both only grow, their place is modulo the capacity. */
  private readonly ends: Float64Array;

  constructor(memory = new SharedArrayBuffer(16 + CAPACITY)) {
    this.memory = memory;
    this.ends = new Float64Array(memory, 0, 2);
    this.bytes = new Uint8Array(memory, 16);
    this.view = new DataView(memory, 16);
  }

  /** Keeps a packet; `time` is ns since 1970. */
  add(time: number, packet: Uint8Array): void {
    const capacity = this.bytes.length;
    const length = Math.min(packet.length, LONGEST);
    // Records begin at multiples of 4 and are never broken at the end of the ring.
    const size = recordSize(length);
    let at = this.ends[1]!;
    if ((at % capacity) + size > capacity) at += capacity - (at % capacity);
    while (at + size - this.ends[0]! > capacity) this.ends[0] = this.after(this.ends[0]!);
    const place = at % capacity;
    const seconds = Math.floor(time / 1e9);
    this.view.setUint32(place, seconds, true);
    this.view.setUint32(place + 4, time - seconds * 1e9, true);
    this.view.setUint32(place + 8, length, true);
    this.view.setUint32(place + 12, packet.length, true);
    this.bytes.set(packet.subarray(0, length), place + 16);
    this.ends[1] = at + size;
    // Marks where the ring is left early, for whoever follows the records.
    const rest = capacity - ((at + size) % capacity);
    if (rest >= 16 && rest < recordSize(LONGEST)) this.view.setUint32(((at + size) % capacity) + 8, 0, true);
  }

  /** Writes all that is kept as a pcap file with nanoseconds; returns how many packets. */
  writeTo(path: string): number {
    const file = openSync(path, 'w');
    try {
      writeSync(file, fileHeader());
      let packets = 0;
      for (let at = this.ends[0]!; at < this.ends[1]!; at = this.after(at)) {
        const length = this.lengthAt(at);
        if (length === 0) continue;
        const place = at % this.bytes.length;
        writeSync(file, this.bytes, place, 16 + length);
        packets++;
      }
      return packets;
    } finally {
      closeSync(file);
    }
  }

  /** Where the record after this one begins. */
  private after(at: number): number {
    const capacity = this.bytes.length;
    const length = this.lengthAt(at);
    return length === 0 ? at + capacity - (at % capacity) : at + recordSize(length);
  }

  /** 0 where the ring is left early. */
  private lengthAt(at: number): number {
    const place = at % this.bytes.length;
    return place + 16 > this.bytes.length ? 0 : this.view.getUint32(place + 8, true);
  }
}

function recordSize(length: number): number {
  return 16 + ((length + 3) & ~3);
}

function fileHeader(): Uint8Array {
  const header = new Uint8Array(24);
  const view = new DataView(header.buffer);
  view.setUint32(0, MAGIC_NANOSECONDS, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, LONGEST, true);
  view.setUint32(20, LINK_TYPE_RAW, true);
  return header;
}
