const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

/** A text with its checksum before it. */
export function sealed(text: string): string {
  return `${checksum(text)} ${text}`;
}

/** What `sealed` was given, or null for anything else. */
export function unsealed(sealedText: string): string | null {
  const text = sealedText.slice(9);
  return sealedText.startsWith(`${checksum(text)} `) ? text : null;
}

/** CRC-32 (IEEE 802.3) over the UTF-16 code units of a text, as 8 hexadecimal digits. */
export function checksum(text: string): string {
  let c = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    c = TABLE[(c ^ unit) & 0xff]! ^ (c >>> 8);
    if (unit > 0xff) c = TABLE[(c ^ (unit >>> 8)) & 0xff]! ^ (c >>> 8);
  }
  return ((c ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}
