import type { History } from '../../histories/history.ts';
import { FAIL, INVOKE } from '../../histories/op.ts';
import { describeOp, formatValue, ofKey } from '../describe.ts';
import { identity } from '../identity.ts';
import { malformed } from '../malformed.ts';

/** Why a history can't be judged. */
export interface Ambiguous {
  readonly reason: string;
}

/** Who wrote which value to one key: to each value the event at which the write began. Filled for one key after another. */
export class UniqueWrites {
  readonly writes = new Map<unknown, number>();
  /** The same of writes that surely failed. */
  readonly failed = new Map<unknown, number>();
  private readonly history: History;
  private readonly writeCode: number;
  private readonly casCode: number;

  constructor(history: History) {
    this.history = history;
    this.writeCode = history.fCode('write');
    this.casCode = history.fCode('cas');
  }

  /**
   * Indexes the values of the `write` and `cas` operations among the events of one key, in place of those of another;
   * ambiguous when two that may have taken effect wrote one value.
   */
  fill(events: Int32Array): Ambiguous | undefined {
    const { history, writes, failed, writeCode, casCode } = this;
    const { pair, type, f } = history.columns;
    writes.clear();
    failed.clear();
    for (const i of events) {
      if (type[i] !== INVOKE || (f[i] !== writeCode && f[i] !== casCode)) continue;
      const id = identity(f[i] === casCode ? casValues(history, i)[1] : history.value(i));
      const completion = pair[i]!;
      if (completion >= 0 && type[completion] === FAIL) {
        failed.set(id, i);
        continue;
      }
      if (id === null)
        return { reason: `${describeOp(history, i)} writes null, which is the initial value too` };
      const before = writes.get(id);
      if (before !== undefined) return { reason: writtenTwice(history, before, i) };
      writes.set(id, i);
    }
    return undefined;
  }
}

function writtenTwice(history: History, a: number, b: number): string {
  return (
    `the value ${formatValue(history.value(b))}${ofKey(history.key(b))} was written twice, by ` +
    `${describeOp(history, a)} and ${describeOp(history, b)}, so it is unclear which of them a read has read`
  );
}

/** The old and the new value of the `cas` that event `i` begins or ends. */
export function casValues(history: History, i: number): readonly [unknown, unknown] {
  const value = history.value(i);
  if (!Array.isArray(value) || value.length !== 2) throw malformed(history, i, 'a pair [old, new]');
  return [value[0], value[1]];
}
