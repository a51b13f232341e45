import { assemble } from './assemble.ts';
import { BLOCK_BYTES } from './skew.ts';
import type { VdsoFunctions } from './vdso.ts';

/**
 * The routine that stands in for a process's own way to read clocks, x86-64. It follows the System V AMD64 ABI
 * (arguments in rdi and rsi; rbx, rbp and r12-r15 belong to the caller; the stack is a multiple of 16 before a call) and
 * the kernel's calling convention (number in rax; rcx and r11 are lost). It uses nothing but its own page, so it
 * may stand anywhere. What the words of a block mean: `src/linux/clock/skew.ts`.
 *
 * Which clocks are skewed, as bits: the wall clocks 0x921 = REALTIME 0, REALTIME_COARSE 5, REALTIME_ALARM 8, TAI 11; the
 * monotonic ones 0x2d2 = MONOTONIC 1, MONOTONIC_RAW 4, MONOTONIC_COARSE 6, BOOTTIME 7, BOOTTIME_ALARM 9. The clocks of
 * CPU time stay true.
 */
export const LISTING = `
clock_gettime:                    | int clock_gettime(clockid_t edi, struct timespec *rsi)
  53                              | push rbx
  41 54                           | push r12
  41 55                           | push r13
  89 fb                           | mov ebx, edi                  the clock
  49 89 f4                        | mov r12, rsi                  where the answer goes
  e8 <<real>>                     | call real
  85 c0                           | test eax, eax
  0f 85 <<end>>                   | jnz end                       an error stays what it is
  83 fb 0b                        | cmp ebx, 11
  0f 87 <<end>>                   | ja end                        (also a process's CPU clock, which is negative)
  4d 69 2c 24 00 ca 9a 3b         | imul r13, [r12], 1000000000
  4d 03 6c 24 08                  | add r13, [r12+8]              r13: the true time, ns
  0f b6 05 <<active>>             | movzx eax, byte [active]
  6b c0 50                        | imul eax, eax, 80
  4c 8d 05 <<blocks>>             | lea r8, [blocks]
  49 01 c0                        | add r8, rax                   r8: the block in force
  4d 89 c1                        | mov r9, r8                    r9: its words for the wall clock
  b8 21 09 00 00                  | mov eax, 0x921
  0f a3 d8                        | bt eax, ebx
  72 <bend>                       | jc bend
  b8 d2 02 00 00                  | mov eax, 0x2d2
  0f a3 d8                        | bt eax, ebx
  73 <fine>                       | jnc fine
  49 83 c1 18                     | add r9, 24                    or for the monotonic one
bend:
  4c 89 e8                        | mov rax, r13
  49 2b 41 08                     | sub rax, [r9+8]               t - since
  49 f7 69 10                     | imul qword [r9+16]            times ppm, 128 bits wide
  b9 40 42 0f 00                  | mov ecx, 1000000
  48 f7 f9                        | idiv rcx
  49 03 01                        | add rax, [r9]                 + offset
  4c 01 e8                        | add rax, r13                  + t
  4d 39 c1                        | cmp r9, r8
  75 <split>                      | jne split                     only wall clocks have a strobe
  4d 3b 68 48                     | cmp r13, [r8+72]
  7d <split>                      | jge split                     t >= until
  4d 2b 68 38                     | sub r13, [r8+56]
  78 <split>                      | js split                      t < from
  49 89 c2                        | mov r10, rax
  4c 89 e8                        | mov rax, r13
  31 d2                           | xor edx, edx
  49 f7 70 40                     | div qword [r8+64]             (t - from) / period
  a8 01                           | test al, 1
  75 <odd>                        | jnz odd
  4d 03 50 30                     | add r10, [r8+48]              + by, in every other period
odd:
  4c 89 d0                        | mov rax, r10
split:                            | seconds and nanoseconds again
  48 99                           | cqo
  b9 00 ca 9a 3b                  | mov ecx, 1000000000
  48 f7 f9                        | idiv rcx
  48 85 d2                        | test rdx, rdx
  79 <positive>                   | jns positive
  48 01 ca                        | add rdx, rcx
  48 ff c8                        | dec rax
positive:
  49 89 04 24                     | mov [r12], rax
  49 89 54 24 08                  | mov [r12+8], rdx
fine:
  31 c0                           | xor eax, eax
end:
  41 5d                           | pop r13
  41 5c                           | pop r12
  5b                              | pop rbx
  c3                              | ret

gettimeofday:                     | int gettimeofday(struct timeval *rdi, struct timezone *rsi)
  53                              | push rbx
  41 54                           | push r12
  48 83 ec 18                     | sub rsp, 24
  48 89 fb                        | mov rbx, rdi
  48 85 f6                        | test rsi, rsi
  74 <noZone>                     | jz noZone
  31 ff                           | xor edi, edi
  b8 60 00 00 00                  | mov eax, 96                   __NR_gettimeofday, for the zone alone
  0f 05                           | syscall
noZone:
  48 85 db                        | test rbx, rbx
  74 <noTime>                     | jz noTime
  31 ff                           | xor edi, edi                  CLOCK_REALTIME
  48 89 e6                        | mov rsi, rsp
  e8 <<clock_gettime>>            | call clock_gettime
  48 8b 04 24                     | mov rax, [rsp]
  48 89 03                        | mov [rbx], rax
  48 8b 44 24 08                  | mov rax, [rsp+8]
  31 d2                           | xor edx, edx
  b9 e8 03 00 00                  | mov ecx, 1000
  48 f7 f1                        | div rcx
  48 89 43 08                     | mov [rbx+8], rax
noTime:
  31 c0                           | xor eax, eax
  48 83 c4 18                     | add rsp, 24
  41 5c                           | pop r12
  5b                              | pop rbx
  c3                              | ret

time:                             | time_t time(time_t *rdi)
  53                              | push rbx
  48 83 ec 10                     | sub rsp, 16
  48 89 fb                        | mov rbx, rdi
  31 ff                           | xor edi, edi                  CLOCK_REALTIME
  48 89 e6                        | mov rsi, rsp
  e8 <<clock_gettime>>            | call clock_gettime
  48 8b 04 24                     | mov rax, [rsp]
  48 85 db                        | test rbx, rbx
  74 <nowhere>                    | jz nowhere
  48 89 03                        | mov [rbx], rax
nowhere:
  48 83 c4 10                     | add rsp, 16
  5b                              | pop rbx
  c3                              | ret

real:                             | what clock_gettime was before
`;

/** The system call, where the kernel's own function can't be gone on with. */
const SYSTEM_CALL = `
  b8 e4 00 00 00                  | mov eax, 228                  __NR_clock_gettime
  0f 05                           | syscall
  c3                              | ret
`;

/** Says that a vDSO was rewritten already: a child keeps what its parent had when it forked. */
export const MAGIC = new TextEncoder().encode('MOMUSCLK');

/** More than one block, so that a thread that has just read `active` finishes with the one it named. */
export const BLOCKS = 4;

export interface Patch {
  /** Where `bytes` go: the free tail behind the vDSO's ELF image; offset from its beginning. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** Jumps that replace the heads of the kernel's functions; once all else is in place. */
  readonly heads: readonly { readonly at: number; readonly bytes: Uint8Array }[];
  /** No thread may stand behind the first byte of one of these when the heads are written. */
  readonly replaced: readonly { readonly from: number; readonly to: number }[];
}

/** Where a patch keeps its parameters: the number of the block in force, one byte, and the blocks. */
export function parametersOf(tail: number): {
  readonly magic: number;
  readonly active: number;
  readonly blocks: number;
} {
  const magic = tail + CODE_ROOM;
  return { magic, active: magic + 8, blocks: magic + 16 };
}

/** A cache line beyond the code, so that writing a parameter doesn't make the processor fetch the code anew. */
const CODE_ROOM = 448;

/** Bytes that a patch takes. */
export const PATCH_BYTES = CODE_ROOM + 16 + BLOCKS * BLOCK_BYTES;

const JUMP_BYTES = 5;

/** The whole patch for a vDSO with these functions and `tail` as its first free byte. `image` is the vDSO. */
export function patchFor(
  image: Uint8Array,
  functions: VdsoFunctions,
  tail: number,
  block: Uint8Array,
): Patch {
  const { magic, active, blocks } = parametersOf(tail);
  const head = image.subarray(functions.clock_gettime);
  const prologue = movablePrologue(head);
  const goOn =
    prologue === 0
      ? SYSTEM_CALL
      : `${hex(head.subarray(0, prologue))} | its first instructions\n e9 <<rest>> | jmp rest`;
  const { code, labels } = assemble(LISTING + goOn, {
    active: active - tail,
    blocks: blocks - tail,
    rest: functions.clock_gettime + prologue - tail,
  });
  if (code.length > CODE_ROOM) throw new RangeError(`the routine takes ${code.length} bytes`);
  const bytes = new Uint8Array(PATCH_BYTES);
  bytes.set(code);
  bytes.set(MAGIC, magic - tail);
  bytes.set(block, blocks - tail);
  const names = ['clock_gettime', 'gettimeofday', 'time'] as const;
  return {
    at: tail,
    bytes,
    heads: names.map((name) => ({ at: functions[name], bytes: jump(functions[name], tail + labels[name]!) })),
    replaced: names.map((name) => ({
      from: functions[name],
      to: functions[name] + (name === 'clock_gettime' ? Math.max(prologue, JUMP_BYTES) : JUMP_BYTES),
    })),
  };
}

function jump(from: number, to: number): Uint8Array {
  return assemble('e9 <<to>>', { to: to - from }).code;
}

/**
 * How many bytes of whole instructions at the head of a function, five at least, mean the same wherever they stand:
 * the pushes and the frame pointer of a prologue. 0 when there is anything else.
 */
export function movablePrologue(head: Uint8Array): number {
  const movable: readonly (readonly number[])[] = [
    [0xf3, 0x0f, 0x1e, 0xfa], // endbr64
    [0x48, 0x89, 0xe5], // mov rbp, rsp
  ];
  let length = 0;
  while (length < JUMP_BYTES) {
    const known = movable.find((bytes) => bytes.every((byte, i) => head[length + i] === byte));
    if (known !== undefined) length += known.length;
    else if (isPush(head[length])) length += 1;
    else if (head[length] === 0x41 && isPush(head[length + 1])) length += 2;
    else return 0;
  }
  return length;
}

/** 50-57: push of one of eight registers; behind 41, of the other eight. */
function isPush(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x50 && byte <= 0x57;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
