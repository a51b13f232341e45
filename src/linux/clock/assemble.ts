/**
 * Turns a listing into machine code. A line is hexadecimal bytes, a bar, and what they say in words:
 *
 *     loop:
 *       48 ff c8        | dec rax
 *       75 <loop>       | jnz loop         one byte: from the next instruction to the label
 *       e8 <<far>>      | call far         four bytes
 *
 * `outside` gives the places of labels that are not in the listing, counted from its beginning. Throws a `RangeError`
 * when a label is unknown or too far for one byte.
 */
export function assemble(
  listing: string,
  outside: Readonly<Record<string, number>> = {},
): { readonly code: Uint8Array; readonly labels: Readonly<Record<string, number>> } {
  const labels: Record<string, number> = { ...outside };
  const instructions: { readonly at: number; readonly tokens: readonly string[] }[] = [];
  let end = 0;
  for (const line of listing.split('\n')) {
    const tokens = line
      .split('|')[0]!
      .split(/\s+/)
      .filter((token) => token !== '');
    if (tokens.length === 0) continue;
    if (tokens[0]!.endsWith(':')) {
      labels[tokens[0]!.slice(0, -1)] = end;
      continue;
    }
    instructions.push({ at: end, tokens });
    end += tokens.reduce((length, token) => length + width(token), 0);
  }
  const code = new Uint8Array(end);
  const view = new DataView(code.buffer);
  for (const { at, tokens } of instructions) {
    const next = at + tokens.reduce((length, token) => length + width(token), 0);
    let here = at;
    for (const token of tokens) {
      if (!token.startsWith('<')) code[here] = Number.parseInt(token, 16);
      else {
        const label = token.replaceAll(/[<>]/g, '');
        const target = labels[label];
        if (target === undefined) throw new RangeError(`no label ${label}`);
        const distance = target - next;
        if (width(token) === 4) view.setInt32(here, distance, true);
        else if (distance < -128 || distance > 127)
          throw new RangeError(`${label} is ${distance} bytes away`);
        else view.setInt8(here, distance);
      }
      here += width(token);
    }
  }
  return { code, labels };
}

function width(token: string): number {
  if (token.startsWith('<<')) return 4;
  return 1;
}
