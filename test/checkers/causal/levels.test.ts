import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Checker } from '../../../checkers/checker.ts';
import { causal, pram } from '../../../checkers/causal/causal.ts';
import { check } from '../story.ts';
import { isCausal, isCausalConvergent, isCausalMemory, isPram } from './definitions.ts';
import { historyOfSmall, type Small, smallRegisters } from './random-registers.ts';

const SHAPES: readonly fc.Arbitrary<Small>[] = [
  smallRegisters([4, 4], 2),
  smallRegisters([3, 4], 3),
  smallRegisters([2, 2, 2], 1),
  smallRegisters([2, 2, 2], 2),
];

const LEVELS: readonly [name: string, checker: Checker, holds: (small: Small) => boolean][] = [
  ['causal', causal(), isCausal],
  ['causal-convergence', causal({ level: 'causal-convergence' }), isCausalConvergent],
  ['causal-memory', causal({ level: 'causal-memory' }), isCausalMemory],
  ['pram', pram(), isPram],
];

for (const [name, checker, holds] of LEVELS) {
  test(`${name} agrees with its definition on small random histories`, () => {
    let valid = 0;
    let invalid = 0;
    fc.assert(
      fc.property(fc.oneof(...SHAPES), (small) => {
        const expected = holds(small);
        if (expected) valid++;
        else invalid++;
        expect(check(checker, historyOfSmall(small)).valid).toBe(expected);
      }),
      { numRuns: Number(process.env['RUNS'] ?? 2000), seed: Number(process.env['SEED'] ?? 1) },
    );
    expect(Math.min(valid, invalid)).toBeGreaterThan(100);
  });
}
