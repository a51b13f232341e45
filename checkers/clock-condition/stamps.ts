/** Whether one timestamp is less than another: numbers as ever, lists if they differ and no entry is greater. */
export function isLess(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  let less = false;
  for (let i = 0; i < a.length; i++) {
    if (!(a[i] <= b[i])) return false;
    less ||= a[i] < b[i];
  }
  return less;
}
