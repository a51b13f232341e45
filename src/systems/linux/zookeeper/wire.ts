/** Writes a message in ZooKeeper's encoding (jute): numbers are big-endian, texts and buffers come after their length. */
export class MessageWriter {
  private readonly parts: Buffer[] = [];

  int(value: number): this {
    const part = Buffer.alloc(4);
    part.writeInt32BE(value);
    this.parts.push(part);
    return this;
  }

  long(value: bigint): this {
    const part = Buffer.alloc(8);
    part.writeBigInt64BE(value);
    this.parts.push(part);
    return this;
  }

  flag(value: boolean): this {
    this.parts.push(Buffer.from([value ? 1 : 0]));
    return this;
  }

  buffer(value: Buffer): this {
    this.int(value.length);
    this.parts.push(value);
    return this;
  }

  text(value: string): this {
    return this.buffer(Buffer.from(value));
  }

  /** The message after its length, as it goes over the wire. */
  frame(): Buffer {
    const message = Buffer.concat(this.parts);
    const length = Buffer.alloc(4);
    length.writeInt32BE(message.length);
    return Buffer.concat([length, message]);
  }
}

/** Reads a message from its beginning on. */
export class MessageReader {
  private readonly message: Buffer;
  private at = 0;

  constructor(message: Buffer) {
    this.message = message;
  }

  int(): number {
    this.at += 4;
    return this.message.readInt32BE(this.at - 4);
  }

  long(): bigint {
    this.at += 8;
    return this.message.readBigInt64BE(this.at - 8);
  }

  skip(bytes: number): this {
    this.at += bytes;
    return this;
  }

  text(): string {
    const length = this.int();
    // An absent text has the length -1.
    if (length < 0) return '';
    this.at += length;
    return this.message.toString('utf8', this.at - length, this.at);
  }

  texts(): string[] {
    return Array.from({ length: Math.max(0, this.int()) }, () => this.text());
  }
}

/** Cuts what arrives into messages. */
export class FrameSplitter {
  private rest: Buffer = Buffer.alloc(0);

  *split(chunk: Buffer): Generator<Buffer> {
    this.rest = Buffer.concat([this.rest, chunk]);
    while (this.rest.length >= 4) {
      const end = 4 + this.rest.readInt32BE();
      if (this.rest.length < end) return;
      yield this.rest.subarray(4, end);
      this.rest = this.rest.subarray(end);
    }
  }
}
