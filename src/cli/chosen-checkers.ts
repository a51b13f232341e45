import { CATALOGUE } from '../../checkers/catalogue.ts';
import type { Checker } from '../../checkers/checker.ts';
import { linearizable } from '../../checkers/linearizable/linearizable.ts';
import { MODEL_NAMES, type ModelName } from '../../checkers/linearizable/models/named.ts';
import { inWords, suitedModel, suitedTo, vocabularyOf } from '../../checkers/suited.ts';
import { listAppend } from '../../checkers/transactions/list-append.ts';
import {
  CONSISTENCY_MODELS,
  type ConsistencyModel,
  MODEL_ALIASES,
} from '../../checkers/transactions/models.ts';
import { rwRegister } from '../../checkers/transactions/rw-register.ts';
import { serializable } from '../../checkers/transactions/serializable.ts';
import type { History } from '../../histories/history.ts';
import { UsageError } from '../world/usage-error.ts';
import type { CheckFlags } from './check-command.ts';
import { choose } from './choose.ts';

/** Who judges a history, and what it was taken for where the flags didn't say. */
export interface Chosen {
  readonly checkers: readonly Checker[];
  readonly takenFor?: string;
}

/** Finds the checkers of a history once that is read. */
export type Choice = (history: History, file: string) => Chosen;

const LINEARIZABLE = 'linearizable';
const CONSISTENCY = [...CONSISTENCY_MODELS, ...Object.keys(MODEL_ALIASES)];

/** Checkers that hold transactions against a model. */
const BY_MODEL: Readonly<Record<string, (model: ConsistencyModel) => Checker>> = {
  'list-append': (model) => listAppend({ model }),
  'rw-register': (model) => rwRegister({ model }),
};

/** What the flags ask for. Throws a `UsageError` for flags that can't be or that don't fit each other. */
export function choice({ checker, model, initial }: CheckFlags): Choice {
  const name = checker === undefined ? undefined : choose(checker, Object.keys(CATALOGUE), '--checker');
  const first = initial === undefined ? {} : { initial: readJson(initial) };
  if (initial !== undefined && name !== LINEARIZABLE && !isModelOfObjects(model))
    throw new UsageError('--initial: needs --checker linearizable or --model, whose first value it is');
  if (model !== undefined) {
    const asked = ofModel(name, model, first);
    return () => ({ checkers: [asked] });
  }
  if (name === LINEARIZABLE) return (history, file) => linearizableOf(history, file, first);
  if (name === undefined) return suitedOf;
  const asked = CATALOGUE[name]!.create();
  return () => ({ checkers: [asked] });
}

/** `--model`: of objects, and then it is about linearizability, or of transactions. */
function ofModel(checker: string | undefined, model: string, first: { readonly initial?: unknown }): Checker {
  const transactions = checker === undefined ? undefined : BY_MODEL[checker];
  if (transactions !== undefined)
    return transactions(consistencyModel(choose(model, CONSISTENCY, '--model')));
  if (checker !== undefined && checker !== LINEARIZABLE)
    throw new UsageError(
      `--checker ${checker} takes no --model; linearizable, ${Object.keys(BY_MODEL).join(' and ')} do`,
    );
  if (isModelOfObjects(model)) return linearizable({ model, ...first });
  const all = checker === LINEARIZABLE ? MODEL_NAMES : [...MODEL_NAMES, ...CONSISTENCY];
  return serializable({ model: consistencyModel(choose(model, all, '--model')) });
}

function isModelOfObjects(model: string | undefined): model is ModelName {
  return MODEL_NAMES.some((name) => name === model);
}

function consistencyModel(name: string): ConsistencyModel {
  return MODEL_ALIASES[name] ?? (name as ConsistencyModel);
}

function linearizableOf(history: History, file: string, first: { readonly initial?: unknown }): Chosen {
  const model = suitedModel(vocabularyOf(history));
  if (model === undefined)
    throw new UsageError(`${file}: say what the objects are with --model; ${functionsOf(history)}`);
  return { checkers: [linearizable({ model, ...first })], takenFor: inWords(model) };
}

function suitedOf(history: History, file: string): Chosen {
  const suited = suitedTo(history);
  if (suited !== undefined) return { checkers: suited.checkers, takenFor: suited.what };
  if (vocabularyOf(history).functions.size === 0)
    throw new UsageError(`${file}: no client did anything in this history`);
  throw new UsageError(`${file}: say what to judge it by with --checker or --model; ${functionsOf(history)}`);
}

function functionsOf(history: History): string {
  return `its functions are ${[...vocabularyOf(history).functions].join(', ')}`;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`--initial: "${text}" is no JSON; write 0, null, "text" ...`, { cause });
  }
}
