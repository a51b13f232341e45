import { expect, test } from 'vitest';
import { ANOMALY_KINDS, REFUTES, refutedBy } from '../../../checkers/transactions/anomalies.ts';
import {
  brokenWith,
  CONSISTENCY_MODELS,
  impliedBy,
  MODEL_ALIASES,
  strongest,
  weakest,
} from '../../../checkers/transactions/models.ts';

test('strict serializability implies every other model', () => {
  const missing = CONSISTENCY_MODELS.filter((model) => !impliedBy('strict-serializable').has(model));
  // Writes follow reads and the like are implied through causal consistency.
  expect(missing).toEqual([]);
});

test('implication is transitive', () => {
  for (const a of CONSISTENCY_MODELS) {
    for (const b of impliedBy(a)) for (const c of impliedBy(b)) expect(impliedBy(a)).toContain(c);
  }
});

test('no two models imply each other', () => {
  for (const a of CONSISTENCY_MODELS) {
    for (const b of impliedBy(a)) if (a !== b) expect(impliedBy(b)).not.toContain(a);
  }
});

test('what implies a broken model is broken', () => {
  const broken = brokenWith(['snapshot-isolation']);
  expect(broken).toContain('strict-serializable');
  expect(broken).toContain('serializable');
  expect(broken).not.toContain('repeatable-read');
  expect(broken).not.toContain('causal');
});

test('of broken models the weakest are named, of possible ones the strongest', () => {
  const broken = brokenWith(['consistent-view', 'read-atomic']);
  expect(weakest(broken)).toEqual(['consistent-view', 'read-atomic']);
  const possible = new Set(CONSISTENCY_MODELS.filter((model) => !broken.has(model)));
  expect(strongest(possible)).toContain('strong-read-committed');
  expect(strongest(possible)).not.toContain('read-committed');
});

test('a cycle through sessions or real time refutes less than the same cycle without', () => {
  for (const kind of ANOMALY_KINDS) {
    const stronger = `${kind}-process`;
    if (!(stronger in REFUTES)) continue;
    const process = refutedBy(stronger as keyof typeof REFUTES);
    for (const model of process) expect(refutedBy(kind), `${model} by ${kind}`).toContain(model);
  }
});

test('every model can be refuted by some anomaly', () => {
  for (const model of CONSISTENCY_MODELS) {
    expect(
      ANOMALY_KINDS.some((kind) => refutedBy(kind).has(model)),
      model,
    ).toBe(true);
  }
});

test('aliases name models', () => {
  for (const model of Object.values(MODEL_ALIASES)) expect(CONSISTENCY_MODELS).toContain(model);
});
