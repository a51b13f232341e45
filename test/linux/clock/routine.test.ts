import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assemble } from '../../../src/linux/clock/assemble.ts';
import {
  LISTING,
  movablePrologue,
  PATCH_BYTES,
  parametersOf,
  patchFor,
} from '../../../src/linux/clock/routine.ts';
import { BLOCK_BYTES } from '../../../src/linux/clock/skew.ts';

const hasObjdump = spawnSync('objdump', ['--version']).status === 0;
const FUNCTIONS = { clock_gettime: 0x100, gettimeofday: 0x200, time: 0x300 };
const TAIL = 0x400;
const block = new Uint8Array(BLOCK_BYTES).fill(7);

test('labels become distances, of one byte or four', () => {
  const { code, labels } = assemble(
    'start:\n 90 | nop\n eb <start> | back\n e8 <<end>> | on\nend:\n e9 <<far>>',
    {
      far: -100,
    },
  );
  expect([...code]).toEqual([0x90, 0xeb, 0xfd, 0xe8, 0, 0, 0, 0, 0xe9, ...[0x8f, 0xff, 0xff, 0xff]]);
  expect(labels).toEqual({ far: -100, start: 0, end: 8 });
  expect(() => assemble('eb <nowhere>')).toThrow('no label nowhere');
  expect(() => assemble('eb <far>', { far: 200 })).toThrow('far is 198 bytes away');
});

test('only prologues that mean the same anywhere are moved', () => {
  expect(movablePrologue(Uint8Array.of(0x55, 0x48, 0x89, 0xe5, 0x41, 0x56, 0x53))).toBe(6);
  expect(movablePrologue(Uint8Array.of(0xf3, 0x0f, 0x1e, 0xfa, 0x55, 0x53))).toBe(5);
  // lea r10, [rip - 0x6818] would read from elsewhere.
  expect(movablePrologue(Uint8Array.of(0x55, 0x4c, 0x8d, 0x15, 0xe8, 0x97, 0xff, 0xff))).toBe(0);
});

test('a patch jumps from each function into the tail, and its own first instructions go on in the kernel code', () => {
  const image = new Uint8Array(0x1000);
  image.set([0x55, 0x48, 0x89, 0xe5, 0x41, 0x56], FUNCTIONS.clock_gettime);
  const { at, bytes, heads, replaced } = patchFor(image, FUNCTIONS, TAIL, block);
  expect([at, bytes.length]).toEqual([TAIL, PATCH_BYTES]);
  for (const { at: head, bytes: jump } of heads) {
    expect(jump[0]).toBe(0xe9);
    const target = head + 5 + new DataView(jump.buffer).getInt32(1, true);
    // Each routine begins by saving rbx.
    expect(bytes[target - TAIL]).toBe(0x53);
  }
  expect(replaced[0]).toEqual({ from: 0x100, to: 0x106 });
  const places = parametersOf(TAIL);
  expect(new TextDecoder().decode(bytes.subarray(places.magic - TAIL, places.active - TAIL))).toBe(
    'MOMUSCLK',
  );
  expect(bytes[places.active - TAIL]).toBe(0);
  expect(bytes.subarray(places.blocks - TAIL, places.blocks - TAIL + BLOCK_BYTES)).toEqual(block);
  const moved = Buffer.from(bytes).indexOf(Buffer.from([0x55, 0x48, 0x89, 0xe5, 0x41, 0x56, 0xe9]));
  expect(TAIL + moved + 11 + new DataView(bytes.buffer).getInt32(moved + 7, true)).toBe(0x106);
});

test('where the prologue cannot be moved, the routine makes the system call', () => {
  const { bytes } = patchFor(new Uint8Array(0x1000), FUNCTIONS, TAIL, block);
  expect(Buffer.from(bytes).includes(Buffer.from([0xb8, 0xe4, 0, 0, 0, 0x0f, 0x05, 0xc3]))).toBe(true);
});

test.skipIf(!hasObjdump)('the words of the listing say what a disassembler reads in its bytes', () => {
  const { code } = assemble(LISTING, { real: 0x160, active: 0x200, blocks: 0x210 });
  const folder = mkdtempSync(join(tmpdir(), 'momus-routine-'));
  writeFileSync(join(folder, 'code'), code);
  const { stdout } = spawnSync(
    'objdump',
    ['-D', '-b', 'binary', '-m', 'i386:x86-64', '-M', 'intel', '--no-show-raw-insn', join(folder, 'code')],
    { encoding: 'utf8' },
  );
  rmSync(folder, { recursive: true });
  const read = [...stdout.matchAll(/^ +[0-9a-f]+:\t(.*)$/gm)].map(([, text]) => plain(text!));
  const said = LISTING.split('\n')
    .filter((line) => /^ /.test(line))
    .map((line) => plain(line.split('|')[1]!));
  expect(read).toEqual(said);
});

/** An instruction without what assemblers write differently: sizes, synonyms of jumps, and where those lead to. */
function plain(text: string): string {
  const [mnemonic, operands = ''] = text
    .replace(/#.*/, '')
    .trim()
    .split(/\s+(.*)/);
  const synonyms: Record<string, string> = { je: 'jz', jne: 'jnz', jb: 'jc', jae: 'jnc' };
  const name = synonyms[mnemonic!] ?? mnemonic!;
  if (/^j|^call$/.test(name)) return name;
  const first = operands.split(/\s{2,}/)[0]!.replace(/qword (ptr )?|byte (ptr )?|QWORD PTR |BYTE PTR /g, '');
  const numbers = first.replace(/0x[0-9a-f]+/g, (hex) => String(Number(hex)));
  return `${name} ${numbers.replace(/\[rip\+\d+\]|\[(active|blocks)\]/, '[here]').replace(/,\s*/g, ', ')}`.trim();
}
