import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { fileError, HistoryFileError } from './history-file-error.ts';

const CHUNK = 1 << 18;

/**
 * Reads a text file in chunks, so that its size doesn't matter; unzips it if it begins as gzip does, whatever its
 * name; leaves a byte order mark out. `onText` gets each piece of text, cut anywhere but inside a character. Answers whether the gzip data ends
 * early, as it does when its writer was killed: then everything before that has been handed over.
 */
export async function readText(path: string, onText: (text: string) => void): Promise<{ cutShort: boolean }> {
  const decoder = new StringDecoder('utf8');
  let begun = false;
  const take = (chunk: Buffer): void => {
    let text = decoder.write(chunk);
    if (text === '') return;
    if (!begun && text.startsWith('\uFEFF')) text = text.slice(1);
    begun = true;
    onText(text);
  };
  try {
    const cutShort = (await isGzip(path)) ? await unzip(path, take) : await read(path, take);
    const rest = decoder.end();
    if (rest !== '') onText(rest);
    return { cutShort };
  } catch (error) {
    if (error instanceof HistoryFileError) throw error;
    throw fileError(path, 'read', error);
  }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

async function read(path: string, take: (chunk: Buffer) => void): Promise<false> {
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) take(chunk);
  return false;
}

async function unzip(path: string, take: (chunk: Buffer) => void): Promise<boolean> {
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        take(chunk);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
  try {
    await pipeline(
      createReadStream(path, { highWaterMark: CHUNK }),
      createGunzip({ chunkSize: CHUNK }),
      sink,
    );
    return false;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') return true;
    if (code !== 'Z_DATA_ERROR') throw error;
    throw new HistoryFileError(path, undefined, 'the gzip data is damaged; fetch or unpack the file again', {
      cause: error,
    });
  }
}
