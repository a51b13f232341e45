import { createHash } from 'node:crypto';
import type { Cell } from './campaign.ts';
import { plainSpec } from './format.ts';

/** A short name for a test without its seed: equal for equal tests, whichever process or machine asks. */
export function cellId({ resolved, explored }: Pick<Cell, 'resolved' | 'explored'>): string {
  const { seed: _, ...rest } = plainSpec(resolved.spec);
  const all = explored ? { explored, ...rest } : rest;
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 10);
}
