import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { loadPtrace, type Ptrace } from '../libc.ts';

/** Where a process has its vDSO. */
export interface Mapping {
  readonly address: number;
  readonly length: number;
}

/** The memory of one process, from its execve to its next or its end. */
export class ProcessMemory {
  readonly pid: number;
  private readonly fd: number;
  private readonly ptrace: Ptrace | null;

  /** Throws when there is no such process. `ptrace`: how to write where the kernel refuses it through /proc. */
  constructor(pid: number, ptrace: Ptrace | null) {
    this.pid = pid;
    this.fd = openSync(`/proc/${pid}/mem`, 'r+');
    this.ptrace = ptrace;
  }

  /** Null when the program that had this memory is no more: it ended, or another took its place. */
  read({ address, length }: Mapping): Uint8Array | null {
    const bytes = new Uint8Array(length);
    try {
      return readSync(this.fd, bytes, 0, length, address) === length ? bytes : null;
    } catch {
      return null;
    }
  }

  /** False when the program is no more. Also where it may not write itself, as a debugger does. */
  write(address: number, bytes: Uint8Array): boolean {
    try {
      return this.ptrace === null
        ? writeSync(this.fd, bytes, 0, bytes.length, address) === bytes.length
        : this.ptrace.write(this.pid, address, bytes);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ESRCH' || code === 'ENOENT') return false;
      throw error;
    }
  }

  close(): void {
    closeSync(this.fd);
  }
}

/** The vDSO of a process; null when it has none, or is no more. */
export function findVdso(pid: number | 'self'): Mapping | null {
  let maps: string;
  try {
    maps = readFileSync(`/proc/${pid}/maps`, 'latin1');
  } catch {
    return null;
  }
  const match = /^([0-9a-f]+)-([0-9a-f]+) .*\[vdso\]$/m.exec(maps);
  if (match === null) return null;
  const address = Number.parseInt(match[1]!, 16);
  return { address, length: Number.parseInt(match[2]!, 16) - address };
}

/**
 * How this kernel lets a vDSO be written: through /proc/PID/mem (null), or, where that is refused
 * (CONFIG_PROC_MEM_ALWAYS_FORCE off), with ptrace. Tried on a byte of this very process that nothing uses.
 */
export async function wayToWrite(unusedByte: number): Promise<Ptrace | null> {
  const own = new ProcessMemory(process.pid, null);
  try {
    own.write(unusedByte, new Uint8Array(1));
    return null;
  } catch {
    return await loadPtrace();
  } finally {
    own.close();
  }
}
