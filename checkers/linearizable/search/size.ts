/** Bytes that a state takes in memory, roughly: what it holds is looked at two levels deep. */
export function roughSize(value: unknown, depth = 2): number {
  if (typeof value === 'string') return 24 + value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (depth === 0) return 32;
  if (Array.isArray(value)) return 32 + value.length * 16;
  if (value instanceof Set || value instanceof Map) return 64 + value.size * 40;
  let bytes = 32;
  for (const field of Object.values(value)) bytes += 8 + roughSize(field, depth - 1);
  return bytes;
}
