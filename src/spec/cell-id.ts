import { createHash } from 'node:crypto';
import { plainSpec } from './format.ts';
import type { TestSpec } from './test-spec.ts';

/** A short name for a test without its seed: equal for equal tests, whichever process or machine asks. */
export function cellId(spec: TestSpec): string {
  const { seed: _, ...rest } = plainSpec(spec);
  return createHash('sha256').update(JSON.stringify(rest)).digest('hex').slice(0, 10);
}
