import type { AnomalyName } from '../glossary/anomalies.ts';
import type { Operation } from '../operations.ts';

/** Tells of one broken property: its name, the operations that prove it, and a sentence. */
export type Report = (kind: AnomalyName, proof: readonly Operation[], message: () => string) => void;
