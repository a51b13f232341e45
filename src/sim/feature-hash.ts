/** A hash that depends on both and on their order (the constants are those of xxHash32, Collet 2012). */
export function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ value, 0x9e3779b1);
  h ^= h >>> 15;
  h = Math.imul(h, 0x85ebca77) + Math.imul(value, 0xc2b2ae3d);
  return (h ^ (h >>> 13)) | 0;
}

const MOST_REMEMBERED = 10_000;
const names = new Map<string, number>();

/** A hash of a name; its numbers count for nothing, so that names drawn one after another are one name. */
export function nameHash(name: string): number {
  const known = names.get(name);
  if (known !== undefined) return known;
  let hash = 0;
  for (const char of name.replace(/\d+/g, '#')) hash = mix(hash, char.codePointAt(0)!);
  if (names.size < MOST_REMEMBERED) names.set(name, hash);
  return hash;
}

/** Fields that hold what a message is about, when it is wrapped in another. */
const INSIDE: ReadonlySet<string> = new Set(['message', 'messages', 'payload']);
const DEEPEST = 2;

/** A hash of what kind of message this is: its type where it names one, which flags it has, else which fields. */
export function messageHash(message: unknown, depth = 0): number {
  if (typeof message !== 'object' || message === null) return 1;
  if (Array.isArray(message)) return message.length === 0 ? 2 : mix(3, messageHash(message[0], depth + 1));
  let hash = 4;
  for (const field in message) {
    const value = (message as Readonly<Record<string, unknown>>)[field];
    if (field === 'type' || field === 'f') hash = mix(hash, nameHash(String(value)));
    else if (value === false) hash = mix(hash, 5);
    else if (INSIDE.has(field) && depth < DEEPEST) hash = mix(hash, messageHash(value, depth + 1));
    else hash = mix(hash, nameHash(field));
  }
  return hash;
}
