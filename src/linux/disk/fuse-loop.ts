// The thread that answers the kernel. It waits for requests in a blocking read, which costs a third of what the way
// through libuv's threads costs; so it hears nothing else, and messages must be announced by a request: a knock.
import { readSync, writeSync } from 'node:fs';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { randomOf } from '../../world/random.ts';
import {
  decodeRequest,
  ERRNO,
  type ErrorName,
  encodeError,
  encodeHeader,
  FileSystemError,
  MAX_WRITE,
  OPCODE,
  OUT_HEADER,
  REQUEST_BYTES,
  type Request,
} from './fuse.ts';
import type { Inode } from './inode.ts';
import type { FromLoop, LoopSetup, ToLoop } from './loop-messages.ts';
import { HANDLERS, type Service, SILENT, type SyncRequest, syncAsked } from './requests.ts';
import { VolatileDisk } from './volatile-disk.ts';

const { backing, objects, seed }: LoopSetup = workerData;
const port = parentPort!;
const disk = new VolatileDisk(objects, randomOf(seed));
const service: Service = { disk, backing, listings: new Map(), nextHandle: 1 };
const requestBuffer = Buffer.alloc(REQUEST_BYTES);
const out = Buffer.alloc(OUT_HEADER + MAX_WRITE);

interface SlowSync {
  readonly unique: bigint;
  readonly inode: Inode;
  readonly dataOnly: boolean;
  /** What it makes safe when it is over. */
  readonly began: number;
}

const slowSyncs = new Map<number, SlowSync>();
let slow = 0;
let syncs = 0;
let fd = -1;

port.on('message', perform);

function perform(message: ToLoop): void {
  switch (message.do) {
    case 'serve':
      fd = message.fd;
      serve();
      slowSyncs.clear();
      service.listings.clear();
      tell({ did: 'serve' });
      break;
    case 'lose-power':
      tell({ did: 'lose-power', loss: disk.losePower(message.fate) });
      break;
    case 'change':
      disk.faults = message.faults;
      slow = message.slow;
      tell({ did: 'change' });
      break;
    case 'flip-bit': {
      const flipped = disk.flipBit(message.file);
      tell({
        did: 'flip-bit',
        flipped: flipped && { file: flipped.file, at: flipped.at, node: flipped.inode.id },
      });
      break;
    }
    case 'finish-sync': {
      const sync = slowSyncs.get(message.sync);
      slowSyncs.delete(message.sync);
      if (sync !== undefined) finishSync(sync);
    }
  }
}

function tell(message: FromLoop): void {
  port.postMessage(message);
}

/** Answers one request after another until the mount ends. */
function serve(): void {
  for (;;) {
    let length: number;
    try {
      length = readSync(fd, requestBuffer, 0, REQUEST_BYTES, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Who asked was killed before the request was fetched.
      if (code === 'ENOENT' || code === 'EINTR' || code === 'EAGAIN') continue;
      if (code === 'ENODEV' || code === 'ECONNABORTED') return;
      throw error;
    }
    answer(decodeRequest(requestBuffer.subarray(0, length)));
  }
}

function answer(request: Request): void {
  const { opcode, unique } = request;
  // A knock, unless a program asked; see `Session`.
  if (opcode === OPCODE.STATFS)
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
      perform(next.message);
  try {
    const sync = syncAsked(disk, request);
    const handler = HANDLERS[opcode];
    if (sync !== null) beginSync(unique, sync);
    else if (handler === undefined) send(encodeError(unique, 'ENOSYS'));
    else {
      const length = handler(service, request, out, OUT_HEADER);
      if (!SILENT.has(opcode)) send(encodeHeader(out, unique, length));
    }
  } catch (error) {
    if (!(error instanceof FileSystemError) && !isSystemError(error)) throw error;
    if (!SILENT.has(opcode)) send(encodeError(unique, errorName(error)));
  }
}

/** A sync makes safe what was there when it began, once it is over. */
function beginSync(unique: bigint, { inode, dataOnly }: SyncRequest): void {
  const sync: SlowSync = { unique, inode, dataOnly, began: disk.now };
  if (slow === 0) finishSync(sync);
  else {
    slowSyncs.set(++syncs, sync);
    tell({ did: 'begin-sync', sync: syncs, delay: slow });
  }
}

function finishSync({ unique, inode, dataOnly, began }: SlowSync): void {
  if (disk.fails()) send(encodeError(unique, 'EIO'));
  else {
    disk.sync(inode, began, dataOnly);
    send(encodeHeader(out, unique, 0));
  }
}

function send(bytes: Buffer): void {
  try {
    writeSync(fd, bytes);
  } catch (error) {
    // ENOENT: who asked was killed meanwhile; ENODEV, ECONNABORTED, EPERM: the mount has ended.
    const { code } = error as NodeJS.ErrnoException;
    if (!['ENOENT', 'ENODEV', 'ECONNABORTED', 'EPERM'].includes(code ?? '')) throw error;
  }
}

/** A failure of the backing directory reaches the program as what it is, if it has a meaning there. */
function errorName(error: unknown): ErrorName {
  const { code } = error as { code?: string };
  return code !== undefined && code in ERRNO ? (code as ErrorName) : 'EIO';
}

function isSystemError(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).errno === 'number';
}
