/** Offsets of the functions that read clocks, from the beginning of a vDSO. */
export interface VdsoFunctions {
  readonly clock_gettime: number;
  readonly gettimeofday: number;
  readonly time: number;
}

export interface Vdso {
  readonly functions: VdsoFunctions;
  /** First byte behind the ELF image, a multiple of 64. */
  readonly tail: number;
  /** Bytes from there to the end of the mapping. */
  readonly room: number;
}

const DYNAMIC = 11; // SHT_DYNSYM
const X86_64 = 62; // EM_X86_64

/**
 * Reads a vDSO, a small ELF shared object (System V ABI, chapters 4 and 5; vdso(7)). Throws an `Error` that says what
 * about it is not as expected.
 */
export function parseVdso(image: Uint8Array): Vdso {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  if (view.getUint32(0) !== 0x7f454c46) throw new Error('its vDSO is no ELF file');
  if (image[4] !== 2) throw new Error('it is a 32-bit program');
  if (view.getUint16(18, true) !== X86_64) throw new Error('it is no x86-64 program');
  const word = (at: number) => Number(view.getBigUint64(at, true));
  const sections = { at: word(40), size: view.getUint16(58, true), count: view.getUint16(60, true) };
  const section = (i: number) => {
    const at = sections.at + i * sections.size;
    return {
      type: view.getUint32(at + 4, true),
      offset: word(at + 24),
      size: word(at + 32),
      link: view.getUint32(at + 40, true),
    };
  };
  let end = sections.at + sections.count * sections.size;
  const offsets: Record<string, number> = {};
  for (let i = 0; i < sections.count; i++) {
    const { type, offset, size, link } = section(i);
    end = Math.max(end, offset + size);
    if (type !== DYNAMIC) continue;
    const names = section(link).offset;
    for (let symbol = offset; symbol < offset + size; symbol += 24) {
      offsets[stringAt(image, names + view.getUint32(symbol, true))] = word(symbol + 8);
    }
  }
  const offsetOf = (name: string): number => {
    const offset = offsets[`__vdso_${name}`];
    if (offset === undefined) throw new Error(`its vDSO has no __vdso_${name}`);
    return offset;
  };
  const tail = Math.ceil(end / 64) * 64;
  return {
    functions: {
      clock_gettime: offsetOf('clock_gettime'),
      gettimeofday: offsetOf('gettimeofday'),
      time: offsetOf('time'),
    },
    tail,
    room: image.length - tail,
  };
}

function stringAt(bytes: Uint8Array, at: number): string {
  return new TextDecoder().decode(bytes.subarray(at, bytes.indexOf(0, at)));
}
