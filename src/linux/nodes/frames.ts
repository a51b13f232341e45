/**
 * How messages stand on a stream of bytes, or in a datagram: length and kind of the body, a checksum of the body, a
 * checksum of these. JSON that was damaged on the way is nobody's message; bytes arrive damaged, as the simulator's do.
 */
const HEADER = 13;

/** A longer body is taken for a damaged header. */
const LONGEST_BODY = 64 * 1024 * 1024;

/** What a frame holds: a program's message, as JSON or as bytes, or an answer that another node is to pass on. */
export type FrameKind = 'json' | 'bytes' | 'pass-on';

const KINDS: readonly FrameKind[] = ['json', 'bytes', 'pass-on'];

export interface Frame {
  readonly kind: FrameKind;
  readonly content: unknown;
}

export function encodeFrame({ kind, content }: Frame): Buffer {
  const body = kind === 'bytes' ? (content as Uint8Array) : Buffer.from(JSON.stringify(content) ?? 'null');
  const frame = Buffer.allocUnsafe(HEADER + body.length);
  frame.writeUInt32LE(body.length, 0);
  frame.writeUInt8(KINDS.indexOf(kind), 4);
  frame.writeUInt32LE(kind === 'bytes' ? 0 : hash(body), 5);
  frame.writeUInt32LE(hash(frame.subarray(0, 9)), 9);
  frame.set(body, HEADER);
  return frame;
}

/** The frame that these bytes are, or null for damaged ones. */
export function decodeFrame(bytes: Buffer): Frame | null {
  const header = headerOf(bytes);
  if (header === null || bytes.length !== HEADER + header.length) return null;
  return frameOf(header, bytes.subarray(HEADER));
}

/** Cuts a stream into its frames. */
export class FrameReader {
  private readonly onFrame: (frame: Frame) => void;
  private chunks: Buffer[] = [];
  private length = 0;
  /** How many bytes are needed before there is anything to do. */
  private wanted = HEADER;

  constructor(onFrame: (frame: Frame) => void) {
    this.onFrame = onFrame;
  }

  /** Takes what has arrived; false when it is damaged, so that no later frame can be found. */
  push(chunk: Buffer): boolean {
    this.chunks.push(chunk);
    this.length += chunk.length;
    if (this.length < this.wanted) return true;
    let rest = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks);
    this.wanted = HEADER;
    while (rest.length >= HEADER) {
      const header = headerOf(rest);
      if (header === null) return false;
      const end = HEADER + header.length;
      if (rest.length < end) {
        this.wanted = end;
        break;
      }
      const frame = frameOf(header, rest.subarray(HEADER, end));
      if (frame === null) return false;
      rest = rest.subarray(end);
      this.onFrame(frame);
    }
    this.chunks = rest.length === 0 ? [] : [rest];
    this.length = rest.length;
    return true;
  }
}

interface Header {
  readonly length: number;
  readonly kind: FrameKind;
  readonly sum: number;
}

function headerOf(bytes: Buffer): Header | null {
  if (bytes.length < HEADER || hash(bytes.subarray(0, 9)) !== bytes.readUInt32LE(9)) return null;
  const length = bytes.readUInt32LE(0);
  const kind = KINDS[bytes.readUInt8(4)];
  if (kind === undefined || length > LONGEST_BODY) return null;
  return { length, kind, sum: bytes.readUInt32LE(5) };
}

function frameOf({ kind, sum }: Header, body: Buffer): Frame | null {
  // A copy, because whoever gets it may keep it.
  if (kind === 'bytes') return { kind, content: Uint8Array.from(body) };
  if (hash(body) !== sum) return null;
  return { kind, content: JSON.parse(body.toString()) };
}

/** FNV-1a, 32 bits: a single changed byte always shows, for each step of it can be undone. */
function hash(bytes: Uint8Array): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return h >>> 0;
}

/** A request or an answer as JSON: plain data, or bytes. */
export function packed(value: unknown): unknown {
  return value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : { json: value };
}

export function unpacked(value: unknown): unknown {
  const { bytes, json } = value as { readonly bytes?: string; readonly json?: unknown };
  return bytes === undefined ? json : Uint8Array.from(Buffer.from(bytes, 'base64'));
}
