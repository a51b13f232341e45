import { identity } from './identity.ts';
import {
  formatUpdateName,
  includes,
  isVersionVector,
  parseUpdateName,
  total,
  type VersionVector,
  vectorText,
} from './version-vector.ts';

/** The updates that a replica says it has delivered. */
export interface Delivered {
  /** The same for the same updates. */
  readonly key: string;
  readonly size: number;
  /** By the identity of the update's name. */
  has(id: unknown): boolean;
  /** Names of updates such that who has these has all. */
  readonly latest: readonly unknown[];
}

/** Reads a list of names, or a version vector; undefined if it is neither. */
export function deliveredOf(updates: unknown): Delivered | undefined {
  if (Array.isArray(updates)) return ofNames(updates);
  return isVersionVector(updates) ? ofVector(updates) : undefined;
}

function ofNames(names: readonly unknown[]): Delivered {
  const ids = new Set(names.map(identity));
  return {
    key: JSON.stringify([...ids].map((id) => JSON.stringify(id)).sort()),
    size: ids.size,
    has: (id) => ids.has(id),
    latest: names,
  };
}

function ofVector(vector: VersionVector): Delivered {
  return {
    key: vectorText(vector),
    size: total(vector),
    has(id) {
      const name = parseUpdateName(id);
      return name !== undefined && includes(vector, name);
    },
    latest: Object.entries(vector)
      .filter(([, n]) => n > 0)
      .map(([origin, number]) => formatUpdateName({ origin, number })),
  };
}
