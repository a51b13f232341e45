import { readFileSync } from 'node:fs';
import type { Ptrace } from '../libc.ts';
import { findVdso, ProcessMemory, wayToWrite } from './process-memory.ts';
import { PATCH_BYTES } from './routine.ts';
import { parseVdso } from './vdso.ts';

/** What this machine lets be done to clocks: how to write, or why not and what would help. */
export async function clockSupport(): Promise<{ readonly ptrace: Ptrace | null } | string> {
  if (process.platform !== 'linux') return 'clocks are skewed through the vDSO, which only Linux has';
  if (process.arch !== 'x64')
    return `clocks can be skewed on x86-64 only: the routine that replaces the vDSO's is machine code, and there is none for ${process.arch}`;
  if (process.getuid?.() !== 0) return 'to skew the clocks of other processes, run as root';
  const mapping = findVdso('self');
  if (mapping === null) return 'this kernel gives processes no vDSO (vdso=0 on its command line?)';
  let tail: number;
  try {
    const own = new ProcessMemory(process.pid, null);
    const image = own.read(mapping)!;
    own.close();
    const vdso = parseVdso(image);
    if (vdso.room < PATCH_BYTES) return `the vDSO has ${vdso.room} free bytes, and ${PATCH_BYTES} are needed`;
    tail = vdso.tail;
  } catch (error) {
    return `the vDSO of this kernel is not as expected: ${(error as Error).message}`;
  }
  const ptrace = await wayToWrite(mapping.address + tail);
  if (ptrace !== null && ptraceScope() === 3)
    return 'this kernel lets nobody write to another process (kernel.yama.ptrace_scope is 3 until the next boot)';
  return { ptrace };
}

function ptraceScope(): number {
  try {
    return Number(readFileSync('/proc/sys/kernel/yama/ptrace_scope', 'latin1'));
  } catch {
    return 0;
  }
}
