import { brokenWith, type ConsistencyModel } from './models.ts';

/** Each anomaly with the weakest models that it refutes; all stronger ones fall with them. Worst first. */
export const REFUTES = {
  // Adya 1999, section 3; the last two are what only lists or assumed version orders can show.
  G0: ['read-uncommitted'],
  'duplicate-elements': ['read-uncommitted'],
  'cyclic-versions': ['read-uncommitted'],
  // Adya's G1 in all its forms, and reads of what cannot have been there (Kingsbury and Alvaro 2020, section 4).
  'garbage-read': ['read-committed'],
  'dirty-update': ['read-committed'],
  G1a: ['read-committed'],
  G1b: ['read-committed'],
  'future-read': ['read-committed'],
  'incompatible-order': ['read-committed'],
  G1c: ['read-committed'],
  // Bailis et al. 2014 and Cerone et al. 2015: a transaction seen in part.
  'observed-transaction-vanishes': ['monotonic-atomic-view'],
  internal: ['read-atomic'],
  'fractured-read': ['read-atomic'],
  'causality-violation': ['causal-cerone'],
  'lost-update': ['cursor-stability', 'update-atomic'],
  'update-atomic-violation': ['update-atomic'],
  // Adya 1999, section 4.
  'G-single-item': ['consistent-view', 'repeatable-read'],
  'prefix-violation': ['prefix'],
  'G-nonadjacent-item': ['snapshot-isolation', 'repeatable-read'],
  'G-update': ['update-serializable'],
  'G2-item': ['serializable', 'repeatable-read'],
  // The same with the order in which each client ran its transactions.
  'G0-process': ['strong-session-read-uncommitted'],
  'G1c-process': ['strong-session-read-committed'],
  'read-your-writes-violation': ['read-your-writes'],
  'monotonic-reads-violation': ['monotonic-reads'],
  'monotonic-writes-violation': ['monotonic-writes'],
  'writes-follow-reads-violation': ['writes-follow-reads'],
  'observed-transaction-vanishes-process': ['strong-session-monotonic-atomic-view'],
  'fractured-read-process': ['strong-session-read-atomic'],
  'PRAM-violation': ['PRAM'],
  'causality-violation-process': ['causal'],
  'G-single-item-process': ['strong-session-snapshot-isolation'],
  'G-nonadjacent-item-process': ['strong-session-snapshot-isolation'],
  'G2-item-process': ['strong-session-serializable'],
  // The same with real time: what was acknowledged before another transaction began.
  'G0-realtime': ['strong-read-uncommitted'],
  'G1c-realtime': ['strong-read-committed'],
  'G-single-item-realtime': ['strong-snapshot-isolation'],
  'G-nonadjacent-item-realtime': ['strong-snapshot-isolation'],
  'G2-item-realtime': ['strict-serializable'],
} as const satisfies Record<string, readonly ConsistencyModel[]>;

/** The field's name for something that a consistency model forbids. */
export type AnomalyKind = keyof typeof REFUTES;

/** Anomalies by severity, the worst first. */
export const ANOMALY_KINDS = Object.keys(REFUTES) as readonly AnomalyKind[];

/** Every model that cannot hold where an anomaly of this kind was found. */
export function refutedBy(kind: AnomalyKind): ReadonlySet<ConsistencyModel> {
  return REFUTED.get(kind)!;
}

const REFUTED = new Map(ANOMALY_KINDS.map((kind) => [kind, brokenWith(REFUTES[kind])]));
