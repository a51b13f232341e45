import fc from 'fast-check';
import { expect, test } from 'vitest';
import { causal, pram } from '../../../checkers/causal/causal.ts';
import { sessionGuarantees } from '../../../checkers/causal/session-guarantees.ts';
import { type Checker, DEFAULT_BUDGET } from '../../../checkers/checker.ts';
import { OBJECT_MODELS, type ObjectModelName } from '../../../checkers/glossary/object-models.ts';
import { linearizable } from '../../../checkers/linearizable/linearizable.ts';
import { regular } from '../../../checkers/regular.ts';
import { sequential } from '../../../checkers/sequential/sequential.ts';
import { listAppend } from '../../../checkers/transactions/list-append.ts';
import type { Dialect } from '../../../checkers/transactions/micro-operations.ts';
import {
  brokenWith,
  CONSISTENCY_MODELS,
  type ConsistencyModel,
  directlyImpliedBy,
} from '../../../checkers/transactions/models.ts';
import { rwRegister } from '../../../checkers/transactions/rw-register.ts';
import { historyOf } from '../../../histories/builder.ts';
import type { History } from '../../../histories/history.ts';
import { causalStore, historyOfSmall, lateArrivals, smallRegisters } from '../causal/random-registers.ts';
import { fuzz } from '../effort.ts';
import { type Store, smallHistory } from '../transactions/random-histories.ts';

/**
 * Each edge of the two lattices of consistency models, `stronger > weaker`: no history that the stronger allows is
 * refused by the weaker, and some history that the weaker allows is refused by the stronger.
 */
class Edges {
  private readonly unproven: Set<string>;
  private readonly edges: readonly (readonly [stronger: string, weaker: string])[];

  constructor(edges: readonly (readonly [string, string])[]) {
    this.edges = edges;
    this.unproven = new Set(edges.map((edge) => edge.join(' > ')));
  }

  meet(allows: (model: string) => boolean | undefined): void {
    for (const [stronger, weaker] of this.edges) {
      const [strong, weak] = [allows(stronger), allows(weaker)];
      if (strong === undefined || weak === undefined) continue;
      if (strong && !weak) throw new Error(`a history that ${stronger} allows is refused by ${weaker}`);
      if (weak && !strong) this.unproven.delete(`${stronger} > ${weaker}`);
    }
  }

  get withoutWitness(): string[] {
    return [...this.unproven];
  }
}

const OBJECT_CHECKERS: Readonly<Record<ObjectModelName, Checker>> = {
  linearizable: linearizable({ model: 'register' }),
  sequential: sequential(),
  regular: regular(),
  'causal-convergence': causal({ level: 'causal-convergence' }),
  'causal-memory': causal({ level: 'causal-memory' }),
  causal: causal({ level: 'causal' }),
  PRAM: pram(),
  'read-your-writes': sessionGuarantees(['read-your-writes']),
  'monotonic-reads': sessionGuarantees(['monotonic-reads']),
  'monotonic-writes': sessionGuarantees(['monotonic-writes']),
  'writes-follow-reads': sessionGuarantees(['writes-follow-reads']),
};

test('each edge between models of objects holds, and is strict', () => {
  const edges = new Edges(
    Object.entries(OBJECT_MODELS).flatMap(([stronger, { implies }]) =>
      implies.map((weaker) => [stronger, weaker] as const),
    ),
  );
  const histories = fc.oneof(
    smallRegisters([3, 3, 3], 2),
    smallRegisters([4, 5], 2),
    lateArrivals,
    causalStore(3, 2, 20, true),
    causalStore(3, 2, 20, false),
  );
  for (const small of fc.sample(histories, fuzz(1500, 3))) {
    const history = historyOfSmall(small);
    const verdicts = new Map<string, boolean | undefined>();
    edges.meet((model) => {
      if (!verdicts.has(model))
        verdicts.set(model, judged(OBJECT_CHECKERS[model as ObjectModelName], history));
      return verdicts.get(model);
    });
  }
  expect(edges.withoutWitness).toEqual([]);
});

/** Whether a checker allows a history; undefined where it can't tell. */
function judged(checker: Checker, history: History): boolean | undefined {
  const { valid } = checker.check(history, { budget: DEFAULT_BUDGET });
  return valid === 'unknown' ? undefined : valid;
}

/**
 * Pairs that differ in what a transaction sees while it runs and its view moves on (Adya 1999, section 4.3): of that a
 * history without the versions of each snapshot tells nothing, so no anomaly refutes the stronger alone.
 */
const NOT_TOLD_APART = [
  'forward-consistent-view > consistent-view',
  'monotonic-snapshot-read > monotonic-atomic-view',
  'monotonic-view > monotonic-atomic-view',
];

const STORES: readonly Store[] = ['serial', 'snapshot', 'stale', 'chaos'];

test('each edge between models of transactions is strict, but for those that no history tells apart', () => {
  const edges = new Edges(
    CONSISTENCY_MODELS.flatMap((stronger) =>
      directlyImpliedBy(stronger).map((weaker) => [stronger, weaker] as const),
    ),
  );
  for (const dialect of ['rw-register', 'list-append'] as const) {
    for (const store of STORES) {
      for (const events of fc.sample(smallHistory({ dialect, store, transactions: 5 }), fuzz(3000, 1))) {
        const broken = brokenIn(dialect, historyOf(events));
        if (broken !== undefined) edges.meet((model) => !broken.has(model as ConsistencyModel));
      }
    }
  }
  expect(edges.withoutWitness).toEqual(NOT_TOLD_APART);
});

/** The models that a history refutes; undefined where that could not be decided for all. */
function brokenIn(dialect: Dialect, history: History): ReadonlySet<ConsistencyModel> | undefined {
  const checker = dialect === 'list-append' ? listAppend() : rwRegister();
  const { details } = checker.check(history, { budget: DEFAULT_BUDGET });
  if ((details!.undecided as readonly string[]).length > 0) return undefined;
  return brokenWith(details!.weakestBroken as ConsistencyModel[]);
}
