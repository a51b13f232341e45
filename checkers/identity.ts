/**
 * What to use as a `Map` key for a value out of a history: two values have the same identity when their JSON is the
 * same. Numbers and strings stay themselves; undefined counts as null.
 */
export function identity(value: unknown): unknown {
  if (value === undefined) return null;
  return typeof value === 'object' && value !== null ? `\u0000${JSON.stringify(value)}` : value;
}
