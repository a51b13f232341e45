import type { Op } from '../../histories/op.ts';
import { registryWith } from '../../src/campaign/load-system.ts';
import { runSpec } from '../../src/campaign/run-spec.ts';
import { parseNemeses } from '../../src/spec/nemesis-text.ts';
import { resolveSpec } from '../../src/spec/resolve.ts';
import type { SpecInput } from '../../src/spec/schema.ts';

/** A busy machine may need so long until there was enough (ns). */
const PATIENCE = 120e9;

/** So long may a test take that runs a system twice (ms). */
export const REAL = { timeout: 300_000 };

/**
 * Runs a test until its history has `enough`, so that nothing depends on how fast the machine is; without `enough` until a
 * checker objects.
 */
export async function realRun(
  system: string,
  nemeses: string,
  {
    enough,
    ...more
  }: Omit<Partial<SpecInput>, 'seed'> & { readonly enough?: (events: readonly Op[]) => boolean } = {},
) {
  const registry = await registryWith(system);
  const pace = { rate: 50, concurrency: 6, timeLimit: PATIENCE, settle: 0.5e9, seed: 1 };
  const spec = { ...pace, failFast: enough === undefined, ...more, system, nemeses: parseNemeses(nemeses) };
  const events: Op[] = [];
  const { outcome } = await runSpec(resolveSpec(spec, registry), {
    onEvent(event) {
      events.push(event);
      return enough?.(events) ? 'stop' : undefined;
    },
  });
  return { outcome, events };
}

/** How often something came to its end: a fault, or an operation that succeeded. */
export function count(events: readonly Op[], { f, type }: Partial<Pick<Op, 'f' | 'type'>>): number {
  return events.filter((event) => (f ?? event.f) === event.f && event.type === type).length;
}
