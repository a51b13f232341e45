import type { Ptrace } from '../libc.ts';
import { findVdso, type Mapping, ProcessMemory } from './process-memory.ts';
import { BLOCKS, MAGIC, PATCH_BYTES, parametersOf, patchFor } from './routine.ts';
import { BLOCK_BYTES } from './skew.ts';
import { whileStopped } from './threads.ts';
import { parseVdso } from './vdso.ts';

/** A process whose clocks are in our hands, until its next execve or its end. */
export interface SkewedProcess {
  /** Gives it these parameters; false when it is no more. Its threads may run meanwhile. */
  give(block: Uint8Array): boolean;
  /** Whether the program that was rewritten still runs. */
  lives(): boolean;
  close(): void;
}

/** What came of an attempt: `busy` and `gone` are no failures, but a reason to try again, or not to. */
export type PatchResult = SkewedProcess | 'busy' | 'gone';

/**
 * Rewrites how a process reads clocks, so that it sees the machine's clocks as `block` bends them. A child that was
 * forked by a rewritten process is rewritten already and is only given its parameters. Throws an `Error` that
 * says what about the process makes it impossible.
 */
export function patchProcess(
  pid: number,
  block: Uint8Array,
  { frozen, ptrace }: { readonly frozen: boolean; readonly ptrace: Ptrace | null },
): PatchResult {
  let memory: ProcessMemory;
  try {
    memory = new ProcessMemory(pid, ptrace);
  } catch {
    return 'gone';
  }
  let kept = false;
  try {
    const mapping = findVdso(pid);
    const image = mapping === null ? null : memory.read(mapping);
    if (mapping === null || image === null) return 'gone';
    const { functions, tail, room } = parseVdso(image);
    const skewed = skewedProcess(memory, mapping, tail);
    if (!isRewritten(image, tail)) {
      requireRoom(image, tail, room);
      const patch = patchFor(image, functions, tail, block);
      let written = false;
      const stopped = whileStopped(pid, frozen, (counters) => {
        const stands = counters.some((counter) =>
          patch.replaced.some(({ from, to }) => {
            const at = counter - mapping.address;
            return at > from && at < to;
          }),
        );
        if (stands) return;
        written = memory.write(mapping.address + patch.at, patch.bytes);
        for (const { at, bytes } of patch.heads) written &&= memory.write(mapping.address + at, bytes);
      });
      if (!stopped || !written) return 'busy';
    } else if (!skewed.give(block)) return 'gone';
    kept = true;
    return skewed;
  } finally {
    if (!kept) memory.close();
  }
}

function skewedProcess(memory: ProcessMemory, { address }: Mapping, tail: number): SkewedProcess {
  const places = parametersOf(tail);
  return {
    give(block) {
      const now = memory.read({ address: address + places.active, length: 1 });
      if (now === null) return false;
      const next = (now[0]! + 1) % BLOCKS;
      return (
        memory.write(address + places.blocks + next * BLOCK_BYTES, block) &&
        memory.write(address + places.active, Uint8Array.of(next))
      );
    },
    lives: () => memory.read({ address: address + places.active, length: 1 }) !== null,
    close: () => memory.close(),
  };
}

function isRewritten(image: Uint8Array, tail: number): boolean {
  const { magic } = parametersOf(tail);
  return MAGIC.every((byte, i) => image[magic + i] === byte);
}

function requireRoom(image: Uint8Array, tail: number, room: number): void {
  if (room < PATCH_BYTES) throw new Error(`its vDSO has ${room} free bytes, and ${PATCH_BYTES} are needed`);
  if (image.subarray(tail, tail + PATCH_BYTES).some((byte) => byte !== 0))
    throw new Error('the end of its vDSO is in use');
}
