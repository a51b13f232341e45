import {
  ANOMALIES,
  type AnomalyName,
  propertyOf,
  weakestRefuted,
} from '../../../checkers/glossary/anomalies.ts';
import { OBJECT_MODELS, type ObjectModel } from '../../../checkers/glossary/object-models.ts';
import { TRANSACTION_MODELS } from '../../../checkers/glossary/transaction-models.ts';
import { REFUTES } from '../../../checkers/transactions/anomalies.ts';
import {
  CONSISTENCY_MODELS,
  type ConsistencyModel,
  directlyImpliedBy,
  MODEL_ALIASES,
} from '../../../checkers/transactions/models.ts';
import type { Block, Explanation, Section } from './explanation.ts';

const OBJECTS: Readonly<Record<string, ObjectModel>> = OBJECT_MODELS;

/** A consistency model of single operations, with those next to it. */
export function explainObjectModel(name: string): Explanation {
  const { about, implies, source, checker } = OBJECTS[name]!;
  const stronger = Object.keys(OBJECTS).filter((other) => OBJECTS[other]!.implies.includes(name));
  const asks = checker === 'linearizable' ? '--model register' : `--checker ${checker}`;
  return {
    name,
    kind: 'consistency model of single operations',
    about,
    sections: [
      ...neighbours(stronger, implies, (other) => OBJECTS[other]!.about),
      commands([[`momus check history.jsonl ${asks}`, 'whether a recorded history keeps it']]),
      { heading: 'Read', blocks: [{ items: [source] }] },
    ],
  };
}

/** A consistency model of transactions, with those next to it and the anomalies that refute it. */
export function explainTransactionModel(name: ConsistencyModel): Explanation {
  const stronger = CONSISTENCY_MODELS.filter((other) => directlyImpliedBy(other).includes(name));
  const aliases = Object.keys(MODEL_ALIASES).filter((alias) => MODEL_ALIASES[alias] === name);
  const anomalies = Object.entries(REFUTES).filter(([, models]) =>
    (models as readonly string[]).includes(name),
  );
  return {
    name,
    kind: 'consistency model of transactions',
    about: TRANSACTION_MODELS[name],
    sections: [
      ...neighbours(
        stronger,
        directlyImpliedBy(name),
        (other) => TRANSACTION_MODELS[other as ConsistencyModel],
      ),
      ...terms(
        'Broken by',
        anomalies.map(([anomaly]) => [anomaly, ANOMALIES[anomaly as AnomalyName]] as const),
      ),
      ...(aliases.length === 0 ? [] : [{ heading: 'Also called', blocks: [{ text: aliases.join(', ') }] }]),
      commands([
        ['momus check history.edn --checker list-append', 'which models a history of transactions keeps'],
        ['momus check history.edn --checker rw-register', 'the same for registers'],
      ]),
    ],
  };
}

/** Something that checkers find. */
export function explainAnomaly(name: AnomalyName): Explanation {
  const models = weakestRefuted(name) as readonly ConsistencyModel[];
  return {
    name,
    kind: `anomaly, breaks ${propertyOf(name)}`,
    about: ANOMALIES[name],
    sections: terms(
      'With it fall these models, and all that are stronger',
      models.map((model) => [model, TRANSACTION_MODELS[model]] as const),
    ),
  };
}

function neighbours(
  stronger: readonly string[],
  weaker: readonly string[],
  about: (name: string) => string,
): Section[] {
  const list = (names: readonly string[]) => names.map((name) => [name, about(name)] as const);
  return [...terms('Next stronger', list(stronger)), ...terms('Next weaker', list(weaker))];
}

function terms(heading: string, list: readonly (readonly [string, string])[]): Section[] {
  return list.length === 0 ? [] : [{ heading, blocks: [{ terms: list }] }];
}

function commands(list: readonly (readonly [string, string])[]): Section {
  const blocks: readonly Block[] = [{ commands: list }];
  return { heading: 'Commands', blocks };
}
