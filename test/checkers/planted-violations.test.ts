import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../../checkers/catalogue.ts';
import { fuzz } from './effort.ts';
import { PLANTED, type Planted } from './planted-violations.ts';
import { blamed, check, type Told, tell } from './story.ts';

/** Checkers that measure and accuse nobody. */
const HARMLESS = ['availability', 'errors', 'performance', 'stats', 'vacuity'];

test('for every checker of the catalogue that can accuse there is a violation to find', () => {
  expect([...Object.keys(PLANTED), ...HARMLESS].sort()).toEqual(Object.keys(CATALOGUE).sort());
  const wrong = tell({ process: 0, f: 'read', result: 1, outcome: 'fail' }, { process: 0, f: 'read' });
  for (const name of HARMLESS) expect(check(CATALOGUE[name]!.create(), wrong).valid, name).toBe(true);
});

function run({ round, finale }: Planted, rounds: number, wrong?: number): Told[] {
  const story = Array.from({ length: rounds }, (_, i) => round(i, i === wrong)).flat();
  return [...story, ...(finale?.(rounds, wrong) ?? [])];
}

test.each(Object.entries(PLANTED))(
  '%s: a right run is let pass, and one planted violation found and blamed on whom it is due',
  (name, planted) => {
    const checker = CATALOGUE[name]!.create();
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 12 }), fc.nat(), (rounds, pick) => {
        expect(check(checker, tell(...run(planted, rounds)))).toMatchObject({ valid: true, vacuous: [] });
        const wrong = 1 + (pick % (rounds - 2));
        const history = tell(...run(planted, rounds, wrong));
        const verdict = check(checker, history);
        expect(verdict.valid).toBe(false);
        expect(blamed(history, verdict)).toEqual(planted.blamed(wrong, rounds));
        for (const { message } of verdict.anomalies) expect(message).toContain(planted.says?.(wrong) ?? '');
      }),
      fuzz(30, 1),
    );
  },
);
