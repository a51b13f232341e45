import { ANOMALIES, type AnomalyName } from '../../../checkers/glossary/anomalies.ts';
import { OBJECT_MODELS } from '../../../checkers/glossary/object-models.ts';
import { CONSISTENCY_MODELS, MODEL_ALIASES } from '../../../checkers/transactions/models.ts';
import type { Registry } from '../../spec/registry.ts';
import { GUARANTEES, type Guarantee } from '../../world/guarantee.ts';
import { LIVENESS, type LivenessProperty, promisesInTime } from '../../world/liveness.ts';
import { formatDuration, type Nanos } from '../../world/nanos.ts';
import { MODEL_TERMS } from '../../world/system-model.ts';
import type { Explanation } from './explanation.ts';
import { explainAnomaly, explainObjectModel, explainTransactionModel } from './models.ts';
import { explainBug, explainSystem } from './system.ts';

/** What people also call some anomalies. */
const OTHER_NAMES: Readonly<Record<string, AnomalyName>> = {
  'dirty-write': 'G0',
  'dirty-read': 'G1a',
  'read-skew': 'G-single-item',
  'G-single': 'G-single-item',
  'G-nonadjacent': 'G-nonadjacent-item',
  'write-skew': 'G2-item',
  G2: 'G2-item',
};

/** Everything that can be explained, by name; a name may stand for several things. */
export type Topics = ReadonlyMap<string, readonly (() => Explanation)[]>;

export function topicsOf({ systems }: Registry): Topics {
  const topics = new Map<string, (() => Explanation)[]>();
  const add = (name: string, explain: () => Explanation): void => {
    topics.set(name, [...(topics.get(name) ?? []), explain]);
  };
  for (const system of Object.values(systems)) add(system.name, () => explainSystem(system));
  for (const system of Object.values(systems)) {
    for (const bug of Object.keys(system.bugs)) add(bug, () => explainBug(system, bug));
  }
  for (const model of Object.keys(OBJECT_MODELS)) add(model, () => explainObjectModel(model));
  for (const model of CONSISTENCY_MODELS) add(model, () => explainTransactionModel(model));
  for (const [alias, model] of Object.entries(MODEL_ALIASES)) {
    if (!topics.has(alias)) add(alias, () => explainTransactionModel(model));
  }
  for (const term of Object.keys(MODEL_TERMS)) add(term, () => explainTerm(term as keyof typeof MODEL_TERMS));
  for (const guarantee of Object.keys(GUARANTEES)) {
    add(guarantee, () => explainGuarantee(guarantee as Guarantee, Object.values(systems)));
  }
  for (const property of Object.keys(LIVENESS)) {
    add(property, () => explainLiveness(property as LivenessProperty, Object.values(systems)));
  }
  for (const anomaly of Object.keys(ANOMALIES)) add(anomaly, () => explainAnomaly(anomaly as AnomalyName));
  for (const [other, anomaly] of Object.entries(OTHER_NAMES)) {
    if (!topics.has(other)) add(other, () => explainAnomaly(anomaly));
  }
  return topics;
}

function explainTerm(term: keyof typeof MODEL_TERMS): Explanation {
  return { name: term, kind: 'system model', about: MODEL_TERMS[term], sections: [] };
}

function explainGuarantee(
  guarantee: Guarantee,
  systems: readonly Registry['systems'][string][],
): Explanation {
  const givers = systems.filter(({ guarantees }) => guarantees.safety.includes(guarantee));
  return {
    name: guarantee,
    kind: 'guarantee',
    about: GUARANTEES[guarantee],
    sections: givers.length === 0 ? [] : [{ heading: 'Given by', blocks: [{ terms: givers.map(termOf) }] }],
  };
}

function explainLiveness(
  property: LivenessProperty,
  systems: readonly Registry['systems'][string][],
): Explanation {
  const givers = systems.flatMap(({ name, guarantees }) =>
    promisesInTime(guarantees.liveness)
      .filter((promise) => promise.property === property)
      .map(({ within, given }) => [name, `${bound(within)}while ${given}`] as const),
  );
  return {
    name: property,
    kind: 'guarantee of liveness',
    about: LIVENESS[property].about,
    sections: [
      { blocks: [{ text: BOUNDS }] },
      ...(givers.length === 0 ? [] : [{ heading: 'Given by', blocks: [{ terms: givers }] }]),
    ],
  };
}

const BOUNDS =
  'While faults go on nobody can promise when something good will happen: in an asynchronous network consensus need not end ' +
  '(Fischer, Lynch and Paterson 1985). So a bound counts from the moment on at which all faults are over. After the healing clients go on ' +
  '(--recovery), then nothing is asked for a while (--settle), then final reads tell; what came sooner than the bound accuses nobody.';

function bound(within: Nanos): string {
  return within === 0 ? '' : `within ${formatDuration(within)}, `;
}

function termOf({ name, about }: Registry['systems'][string]): readonly [string, string] {
  return [name, about];
}
