import type { History } from '../histories/history.ts';
import type { Key } from '../histories/op.ts';
import type { Anomaly, Verdict } from './checker.ts';
import { asSentences } from './describe.ts';
import type { AnomalyName } from './glossary/anomalies.ts';

/** Anomalies of one kind that are kept with their proof; beyond that they are only counted. */
const KEPT_PER_KIND = 100;

/**
 * Collects the anomalies of one check of a history, whose events they name by their indices in the whole of which it may
 * be a part: counts all of them, keeps the first hundred of each kind.
 */
export class Findings {
  private readonly history: History;
  private readonly kept: Anomaly[] = [];
  private readonly totals = new Map<string, number>();

  constructor(history: History) {
    this.history = history;
  }

  /** `message` is called only for an anomaly that is kept; an event that stands twice in `ops` is kept once. */
  add(kind: AnomalyName, ops: readonly number[], message: () => string, key?: Key): void {
    const total = (this.totals.get(kind) ?? 0) + 1;
    this.totals.set(kind, total);
    if (total > KEPT_PER_KIND) return;
    const proof = {
      kind,
      message: asSentences(message()),
      ops: [...new Set(ops)].map((i) => this.history.origin(i)),
    };
    this.kept.push(key === undefined ? proof : { ...proof, key });
  }

  get any(): boolean {
    return this.totals.size > 0;
  }

  total(kind: AnomalyName): number {
    return this.totals.get(kind) ?? 0;
  }

  /** Smallest proof first. */
  anomalies(): Anomaly[] {
    return this.kept.slice().sort((a, b) => a.ops.length - b.ops.length);
  }

  /** How many of each kind there were, kept or not. */
  counts(): Record<string, number> {
    return Object.fromEntries(this.totals);
  }

  /** The verdict of a checker that ran to its end: valid when nothing was found. */
  verdict(checker: string, rest: Pick<Verdict, 'counts' | 'vacuous' | 'details'>): Verdict {
    return {
      checker,
      valid: this.totals.size === 0,
      anomalies: this.anomalies(),
      ...rest,
      counts: { ...rest.counts, ...this.counts() },
    };
  }
}
