/** Of each replica, how many of its updates: a version vector (Parker et al. 1983). Those that are left out have none. */
export type VersionVector = Readonly<Record<string, number>>;

/** An update's name beside a version vector: the replica that took it, and how many it had taken then. */
export interface UpdateName {
  readonly origin: string;
  readonly number: number;
}

export function isVersionVector(value: unknown): value is VersionVector {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((n) => Number.isInteger(n) && n >= 0)
  );
}

/** Whether the vector counts the update. */
export function includes(vector: VersionVector, { origin, number }: UpdateName): boolean {
  return (vector[origin] ?? 0) >= number;
}

/** `n1:5` is the fifth update of n1; undefined for anything else. */
export function parseUpdateName(text: unknown): UpdateName | undefined {
  if (typeof text !== 'string') return undefined;
  const colon = text.lastIndexOf(':');
  const number = Number(text.slice(colon + 1));
  return colon > 0 && Number.isInteger(number) && number > 0
    ? { origin: text.slice(0, colon), number }
    : undefined;
}

export function formatUpdateName({ origin, number }: UpdateName): string {
  return `${origin}:${number}`;
}

/** How many updates it counts. */
export function total(vector: VersionVector): number {
  return Object.values(vector).reduce((sum, n) => sum + n, 0);
}

/** The same text for vectors that count the same. */
export function vectorText(vector: VersionVector): string {
  return Object.entries(vector)
    .filter(([, n]) => n > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([origin, n]) => `${origin}:${n}`)
    .join();
}
