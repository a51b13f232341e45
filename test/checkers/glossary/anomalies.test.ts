import { expect, test } from 'vitest';
import { ANOMALIES, type AnomalyName, weakestRefuted } from '../../../checkers/glossary/anomalies.ts';
import { ANOMALY_KINDS } from '../../../checkers/transactions/anomalies.ts';

const NAMES = Object.keys(ANOMALIES) as AnomalyName[];

test('every anomaly of transactions is explained, and its variants say what they count besides', () => {
  expect(ANOMALY_KINDS.filter((kind) => !NAMES.includes(kind))).toEqual([]);
  expect(ANOMALIES['G1c-process']).toMatch(/^circular information flow.*each client ran/);
  expect(ANOMALIES['G2-item-realtime']).toMatch(/^write skew.*real time/);
});

test('explanations are clauses, one line each, and no two names share one unless they mean the same', () => {
  for (const text of Object.values(ANOMALIES)) expect(text).toMatch(/^[a-zA-Z][^\n]*[^.\s]$/);
  const texts = NAMES.filter((name) => !['duplicate', 'ThinAirRead'].includes(name)).map(
    (name) => ANOMALIES[name],
  );
  expect(new Set(texts).size).toBe(texts.length);
});

test('an anomaly of transactions says which models fall first', () => {
  expect(weakestRefuted('G2-item')).toEqual(['serializable', 'repeatable-read']);
  expect(weakestRefuted('stale-read')).toEqual([]);
});
