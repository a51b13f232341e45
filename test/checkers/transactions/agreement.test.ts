import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_BUDGET } from '../../../checkers/checker.ts';
import { listAppend } from '../../../checkers/transactions/list-append.ts';
import type { Dialect } from '../../../checkers/transactions/micro-operations.ts';
import { brokenWith, type ConsistencyModel, impliedBy } from '../../../checkers/transactions/models.ts';
import { rwRegister } from '../../../checkers/transactions/rw-register.ts';
import { historyOf } from '../../../histories/builder.ts';
import type { OpEvent } from '../../../histories/op.ts';
import { fuzz } from '../effort.ts';
import { DEFINED_MODELS, holds, transactionsOf } from './oracle.ts';
import { type Store, smallHistory } from './random-histories.ts';

const DIALECTS: readonly Dialect[] = ['list-append', 'rw-register'];
const STORES: readonly Store[] = ['serial', 'snapshot', 'stale', 'chaos'];
const CASES = DIALECTS.flatMap((dialect) => STORES.map((store) => ({ dialect, store })));

function check(dialect: Dialect, events: readonly OpEvent[], model?: ConsistencyModel) {
  const checker = dialect === 'list-append' ? listAppend({ model }) : rwRegister({ model });
  const { valid, details } = checker.check(historyOf(events), { budget: DEFAULT_BUDGET });
  return { valid, broken: brokenWith(details!.weakestBroken as ConsistencyModel[]) };
}

for (const { dialect, store } of CASES) {
  const history = smallHistory({ dialect, store, transactions: 4 });

  test(`on small ${dialect} histories of a ${store} store, every model is broken or not as its definition says`, () => {
    fc.assert(
      fc.property(history, (events) => {
        const txns = transactionsOf(events);
        const { broken } = check(dialect, events);
        const truth = DEFINED_MODELS().map((model) => [model, holds(model, txns, dialect)] as const);
        expect(DEFINED_MODELS().map((model) => [model, !broken.has(model)])).toEqual(truth);
        const held = new Map(truth);
        for (const [model, held_] of truth) {
          for (const weaker of held_ ? impliedBy(model) : []) expect(held.get(weaker) ?? true).toBe(true);
        }
      }),
      fuzz(250, 1),
    );
  });

  test(`on small ${dialect} histories of a ${store} store, the verdict on one model is what its definition says`, () => {
    fc.assert(
      fc.property(history, fc.constantFrom(...DEFINED_MODELS()), (events, model) => {
        const { valid } = check(dialect, events, model);
        expect(valid).toBe(holds(model, transactionsOf(events), dialect));
      }),
      fuzz(2500, 2),
    );
  });
}
