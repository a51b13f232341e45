/** Set MOMUS_FUZZ to try so many times as many random histories: `MOMUS_FUZZ=20 npx vitest run test/checkers`. */
export const EFFORT = Number(process.env.MOMUS_FUZZ ?? 1);

/** How many random cases fast-check tries, and from which seed. */
export function fuzz(usually: number, seed: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: usually * EFFORT, seed };
}
