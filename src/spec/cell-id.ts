import { createHash } from 'node:crypto';
import type { Cell } from './campaign.ts';
import { plainSpec } from './format.ts';

type Test = Pick<Cell, 'resolved' | 'explored'>;

/** A test without its seed. */
export function plainCell({ resolved, explored }: Test): object {
  const { seed: _, ...spec } = plainSpec(resolved.spec);
  return explored ? { explored, ...spec } : spec;
}

/** A short name for a test without its seed: equal for equal tests, whichever process or machine asks. */
export function cellId(test: Test): string {
  return createHash('sha256')
    .update(JSON.stringify(plainCell(test)))
    .digest('hex')
    .slice(0, 10);
}
