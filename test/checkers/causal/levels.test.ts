import fc from 'fast-check';
import { expect, test } from 'vitest';
import { causal, pram } from '../../../checkers/causal/causal.ts';
import { SESSION_GUARANTEES, sessionGuarantees } from '../../../checkers/causal/session-guarantees.ts';
import type { Checker } from '../../../checkers/checker.ts';
import { fuzz } from '../effort.ts';
import { check } from '../story.ts';
import { isCausal, isCausalConvergent, isCausalMemory, isPram, keepsGuarantee } from './definitions.ts';
import { patternsOf } from './patterns.ts';
import { causalStore, historyOfSmall, lateArrivals, type Small, smallRegisters } from './random-registers.ts';

const CAUSAL = causal();
const CONVERGENT = causal({ level: 'causal-convergence' });
const MEMORY = causal({ level: 'causal-memory' });
const PRAM = pram();
const GUARANTEES = SESSION_GUARANTEES.map((guarantee) => sessionGuarantees([guarantee]));

const ENUMERABLE = fc.oneof(
  smallRegisters([4, 4], 2),
  smallRegisters([3, 4], 3),
  smallRegisters([2, 2, 2], 1),
  smallRegisters([2, 2, 2], 2),
  lateArrivals,
);

function verdictOf(checker: Checker, small: Small): boolean {
  const { valid } = check(checker, historyOfSmall(small));
  expect(valid).not.toBe('unknown');
  return valid === true;
}

/** Holds a checker against an enumeration on random histories, some of which must be right and some wrong. */
function agree(
  checker: Checker,
  histories: fc.Arbitrary<Small>,
  holds: (small: Small) => boolean,
  runs: number,
): void {
  const seen = { true: 0, false: 0 };
  fc.assert(
    fc.property(histories, (small) => {
      const expected = holds(small);
      seen[`${expected}`]++;
      expect(verdictOf(checker, small)).toBe(expected);
    }),
    fuzz(runs, 7),
  );
  expect(Math.min(seen.true, seen.false)).toBeGreaterThan(runs / 20);
}

const LEVELS: readonly [checker: Checker, holds: (small: Small) => boolean][] = [
  [CAUSAL, isCausal],
  [CONVERGENT, isCausalConvergent],
  [MEMORY, isCausalMemory],
  [PRAM, isPram],
];

for (const [checker, holds] of LEVELS) {
  test(`${checker.name} agrees with its definition on small random histories`, () => {
    agree(checker, ENUMERABLE, holds, 400);
  });
}

SESSION_GUARANTEES.forEach((guarantee, i) => {
  test(`${guarantee} agrees with its definition on small random histories`, () => {
    const histories = fc.oneof(
      smallRegisters([4, 5], 2),
      smallRegisters([3, 3, 3], 2),
      smallRegisters([3, 3, 3], 3),
    );
    agree(GUARANTEES[i]!, histories, (small) => keepsGuarantee(small, guarantee), 1000);
  });
});

test('causal consistency and PRAM agree with the bad patterns of the paper on larger histories', () => {
  const stores = fc.oneof(
    causalStore(3, 2, 30, true),
    causalStore(3, 3, 30, false),
    causalStore(4, 2, 40, true),
    causalStore(2, 4, 30, false),
  );
  const kinds = new Set<string>();
  fc.assert(
    fc.property(stores, (small) => {
      const expected = patternsOf(small);
      const found = {
        causal: verdictOf(CAUSAL, small),
        convergent: verdictOf(CONVERGENT, small),
        memory: verdictOf(MEMORY, small),
        pram: verdictOf(PRAM, small),
      };
      expect(found).toEqual(expected);
      kinds.add(Object.values(found).join());
    }),
    fuzz(600, 1),
  );
  expect(kinds.size).toBeGreaterThanOrEqual(3);
});

test('each level implies the weaker ones', () => {
  const histories = fc.oneof(ENUMERABLE, causalStore(3, 2, 20, true), causalStore(3, 2, 20, false));
  fc.assert(
    fc.property(histories, (small) => {
      const [ryw, mr, mw, wfr] = GUARANTEES.map((checker) => verdictOf(checker, small));
      const cc = verdictOf(CAUSAL, small);
      const ccv = verdictOf(CONVERGENT, small);
      const cm = verdictOf(MEMORY, small);
      const p = verdictOf(PRAM, small);
      const implied: readonly [stronger: boolean, weaker: boolean | undefined][] = [
        [ccv, cc],
        [cm, cc],
        [cm, p],
        [cc, ryw],
        ...[ryw, mr, mw].map((weaker): [boolean, boolean | undefined] => [p, weaker]),
        ...[ryw, mr, mw, wfr].map((weaker): [boolean, boolean | undefined] => [ccv, weaker]),
        [cm, wfr],
      ];
      for (const [stronger, weaker] of implied) expect(!stronger || weaker).toBe(true);
    }),
    fuzz(700, 7),
  );
});
