import { type Nanos, SECOND } from '../world/nanos.ts';

/** Writes to the memory of a process that is stopped for a moment, whatever the protection of its pages. */
export interface Ptrace {
  /** False when there is no such process. Throws when the kernel refuses. */
  write(pid: number, address: number, bytes: Uint8Array): boolean;
}

const PEEKDATA = 2;
const POKEDATA = 5;
const ATTACH = 16;
const DETACH = 17;
/** waitpid: also for threads that are no children (__WALL). */
const ANY_THREAD = 0x40000000;
const WORD = 8;
const NO_SUCH_PROCESS = 3;

/**
 * ptrace(2), by way of the C library. All calls of one write happen without a pause of this thread: a tracee belongs to
 * the thread that attached it, and nobody else may reap the stop that attaching causes.
 */
export async function loadPtrace(): Promise<Ptrace> {
  const { koffi, libc } = await openLibrary();
  const ptrace = libc.func('int64_t ptrace(int64_t request, int pid, uint64_t address, uint64_t data)');
  const waitpid = libc.func('int waitpid(int pid, _Out_ int *status, int options)');
  const call = (request: number, pid: number, address: number | bigint, data: bigint): bigint => {
    koffi.errno(0);
    const result = BigInt(ptrace(request, pid, address, data));
    const errno = koffi.errno();
    if (result === -1n && errno !== 0)
      throw Object.assign(new Error(`ptrace ${request} of ${pid}: errno ${errno}`), { errno });
    return result;
  };
  return {
    write(pid, address, bytes) {
      try {
        call(ATTACH, pid, 0, 0n);
      } catch (error) {
        if ((error as { errno?: number }).errno === NO_SUCH_PROCESS) return false;
        throw error;
      }
      try {
        const status = [0];
        if (waitpid(pid, status, ANY_THREAD) !== pid) return false;
        const first = Math.floor(address / WORD) * WORD;
        const words = Math.ceil((address + bytes.length - first) / WORD);
        const view = new DataView(new ArrayBuffer(words * WORD));
        // Whole words are written, so what stands around the bytes is read first.
        for (let i = 0; i < words; i++) {
          view.setBigInt64(i * WORD, call(PEEKDATA, pid, first + i * WORD, 0n), true);
        }
        new Uint8Array(view.buffer).set(bytes, address - first);
        for (let i = 0; i < words; i++)
          call(POKEDATA, pid, first + i * WORD, view.getBigUint64(i * WORD, true));
        return true;
      } finally {
        call(DETACH, pid, 0, 0n);
      }
    },
  };
}

/** Calls of the C library that Node has no door to. Each returns what the call returns; -1 is failure. */
export interface Libc {
  ioctl(fd: number, request: number, argument: Uint8Array): number;
  /** `fds` are `struct pollfd`s, `timeout` a `struct timespec`. */
  ppoll(fds: Uint8Array, count: number, timeout: Uint8Array, noMask: null): number;
  read(fd: number, into: Uint8Array, length: number): number;
  write(fd: number, from: Uint8Array, length: number): number;
}

export async function loadLibc(): Promise<Libc> {
  const { libc } = await openLibrary();
  return {
    ioctl: libc.func('int ioctl(int fd, unsigned long request, void *argument)'),
    ppoll: libc.func('int ppoll(void *fds, unsigned long count, void *timeout, void *mask)'),
    read: libc.func('long read(int fd, void *into, unsigned long length)'),
    write: libc.func('long write(int fd, void *from, unsigned long length)'),
  };
}

/**
 * The time of day (CLOCK_REALTIME), ns since `epoch`, which is in seconds since 1970: exact, where Node's own is not. The
 * C library reads it in the vDSO, as servers do.
 */
export async function loadWallClock(epoch: number): Promise<() => Nanos> {
  const { libc } = await openLibrary();
  const read = libc.func('int clock_gettime(int clock, void *time)');
  const time = new BigInt64Array(2);
  return () => {
    read(0, time);
    return (Number(time[0]) - epoch) * SECOND + Number(time[1]);
  };
}

/** Of all modules this one alone imports koffi, and only where it is needed. */
async function openLibrary() {
  const { default: koffi } = await import('koffi');
  return { koffi, libc: koffi.load('libc.so.6') };
}
