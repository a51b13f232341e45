import type { Key } from '../../../histories/op.ts';
import type { Anomaly } from '../../checker.ts';
import { describeOp, formatValue, list, ofKey } from '../../describe.ts';
import type { AnomalyName } from '../../glossary/anomalies.ts';
import { type Intervals, NEVER } from '../intervals.ts';

/** Words for the operations of one object. Rows are operations of `Intervals`. */
export class Narrator {
  private readonly intervals: Intervals;
  private readonly key: Key | undefined;

  constructor(intervals: Intervals, key: Key | undefined) {
    this.intervals = intervals;
    this.key = key;
  }

  /** ` of key "x"`, or nothing. */
  get ofKey(): string {
    return ofKey(this.key);
  }

  /** `process 3's enqueue(7) (1 ms to 2 ms)` */
  say(row: number): string {
    return describeOp(this.intervals.history, this.intervals.call[row]!);
  }

  list(rows: readonly number[]): string {
    return list(rows.map((row) => this.say(row)));
  }

  /** What was put in by `row`. */
  element(row: number): string {
    return formatValue(this.intervals.history.value(this.intervals.call[row]!));
  }

  anomaly(kind: AnomalyName, rows: readonly number[], sentences: readonly string[]): Anomaly {
    const { call, ret } = this.intervals;
    const ops = [...new Set(rows.filter((row) => row >= 0))].map((row) =>
      ret[row] === NEVER ? call[row]! : ret[row]!,
    );
    const told = sentences.join(' ');
    const message = told.charAt(0).toUpperCase() + told.slice(1);
    return { kind, message, ops, ...(this.key === undefined ? {} : { key: this.key }) };
  }
}
