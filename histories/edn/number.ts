/**
 * An EDN number: `12`, `-3.5e7`, `1.5M`, `12N`, `0x1f`. What a JS number can't hold exactly, an integer beyond 2^53 or a ratio,
 * stays text. Undefined for what is no number.
 */
export function ednNumber(token: string): number | string | undefined {
  const integer = /^([+-]?)0*(\d+)N?$/.exec(token);
  if (integer !== null) {
    const [, sign, digits] = integer;
    const value = Number(digits);
    if (!Number.isSafeInteger(value)) return sign === '-' ? `-${digits}` : digits;
    return sign === '-' && value !== 0 ? -value : value;
  }
  if (/^0x[\da-fA-F]{1,13}$/.test(token)) return Number(token);
  if (/^[+-]?\d+\/\d+$/.test(token)) return token.replace('+', '');
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?M?$/.test(token)) return Number(token.replace('M', ''));
  return undefined;
}
