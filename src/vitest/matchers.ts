import { Chalk } from 'chalk';
import { causal, pram } from '../../checkers/causal/causal.ts';
import { type Checker, DEFAULT_BUDGET } from '../../checkers/checker.ts';
import { runCheckers, together } from '../../checkers/compose.ts';
import { convergence } from '../../checkers/convergence.ts';
import { type LinearizableOptions, linearizable } from '../../checkers/linearizable/linearizable.ts';
import { sequential } from '../../checkers/sequential/sequential.ts';
import { suitedModel, vocabularyOf } from '../../checkers/suited.ts';
import type { ConsistencyModel } from '../../checkers/transactions/models.ts';
import { serializable } from '../../checkers/transactions/serializable.ts';
import { historyOf } from '../../histories/builder.ts';
import { History } from '../../histories/history.ts';
import type { Op, OpEvent } from '../../histories/op.ts';
import { judgement } from '../report/judgement.ts';
import { proofsOf } from '../report/proof.ts';

/** What `expect(history)` can be asked: a history, or the events of one. The message of a failure is the explanation. */
export interface HistoryMatchers<R = unknown> {
  /** Without a model, the functions in the history say what its objects are. */
  toBeLinearizable(options?: LinearizableOptions): R;
  toBeSequential(): R;
  /** Transactions; `model` names another level than `serializable`: `snapshot-isolation`, `strict-serializable` ... */
  toBeSerializable(options?: { readonly model?: ConsistencyModel }): R;
  toBeCausal(): R;
  toBePram(): R;
  /** All final reads find the same, and every acknowledged update in it. */
  toConverge(): R;
  /** Any checker of `momus/checkers`, or one of your own. */
  toSatisfyChecker(checker: Checker): R;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the parameter must be declared as vitest declares it
  interface Matchers<T = any> extends HistoryMatchers<T> {}
}

/** How wide an explanation is. */
const STYLE = { paint: new Chalk({ level: 0 }), width: 100 };

/** How vitest calls a matcher. */
interface MatcherState {
  readonly isNot: boolean;
}

export const matchers = {
  toBeLinearizable(this: MatcherState, received: unknown, options: LinearizableOptions = {}) {
    const history = historyFrom(received);
    const model = options.model ?? suitedModel(vocabularyOf(history)) ?? 'register';
    return hold(this, history, linearizable({ ...options, model }));
  },
  toBeSequential(this: MatcherState, received: unknown) {
    return hold(this, historyFrom(received), sequential());
  },
  toBeSerializable(
    this: MatcherState,
    received: unknown,
    { model = 'serializable' }: { readonly model?: ConsistencyModel } = {},
  ) {
    return hold(this, historyFrom(received), serializable({ model }));
  },
  toBeCausal(this: MatcherState, received: unknown) {
    return hold(this, historyFrom(received), causal());
  },
  toBePram(this: MatcherState, received: unknown) {
    return hold(this, historyFrom(received), pram());
  },
  toConverge(this: MatcherState, received: unknown) {
    return hold(this, historyFrom(received), convergence());
  },
  toSatisfyChecker(this: MatcherState, received: unknown, checker: Checker) {
    return hold(this, historyFrom(received), checker);
  },
};

function hold({ isNot }: MatcherState, history: History, checker: Checker) {
  const verdicts = runCheckers([checker], history, { budget: DEFAULT_BUDGET });
  const valid = together(verdicts.map((verdict) => verdict.valid));
  return {
    // What is unknown is neither so nor not so: it fails either way.
    pass: valid === 'unknown' ? isNot : valid,
    message: () =>
      isNot && valid === true
        ? `expected a history that ${checker.name} refuses, but found nothing wrong`
        : judgement({ valid, verdicts }, proofsOf(verdicts, history), STYLE),
  };
}

/** Throws a `TypeError` for what is no history. */
function historyFrom(received: unknown): History {
  if (received instanceof History) return received;
  if (Array.isArray(received)) return historyOf(received as readonly (OpEvent | Op)[]);
  throw new TypeError('expected a History (of momus/histories) or a list of its events');
}
