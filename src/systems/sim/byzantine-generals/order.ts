export type Order = 'attack' | 'retreat';

/** What a general does who hears nothing, or nothing that he could rely on. */
export const RETREAT: Order = 'retreat';

export function isOrder(value: unknown): value is Order {
  return value === 'attack' || value === 'retreat';
}
