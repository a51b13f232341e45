import type { History } from '../../histories/history.ts';
import { FAIL, INVOKE, NEMESIS } from '../../histories/op.ts';
import { describeOp, formatValue, ofKey } from '../describe.ts';
import { identity } from '../identity.ts';
import { malformed } from '../malformed.ts';

/** Who wrote which value: to each key and value the event at which the write began. */
export interface WriteIndex {
  /** By key column (-1 for no key) plus one. */
  readonly writes: readonly Map<unknown, number>[];
  /** The same of writes that surely failed. */
  readonly failed: readonly Map<unknown, number>[];
}

/** Why a history can't be judged. */
export interface Ambiguous {
  readonly reason: string;
}

/** Indexes the values of `write` and `cas` operations; ambiguous when two that may have taken effect wrote one value. */
export function indexWrites(history: History): WriteIndex | Ambiguous {
  const { pair, type, process, f, key } = history.columns;
  const writeCode = history.fCode('write');
  const casCode = history.fCode('cas');
  const keys = history.columns.keyNames.length + 1;
  const writes = Array.from({ length: keys }, () => new Map<unknown, number>());
  const failed = Array.from({ length: keys }, () => new Map<unknown, number>());
  for (let i = 0; i < history.length; i++) {
    if (type[i] !== INVOKE || process[i] === NEMESIS) continue;
    if (f[i] !== writeCode && f[i] !== casCode) continue;
    const id = identity(f[i] === casCode ? casValues(history, i)[1] : history.value(i));
    const completion = pair[i]!;
    if (completion >= 0 && type[completion] === FAIL) {
      failed[key[i]! + 1]!.set(id, i);
      continue;
    }
    if (id === null)
      return { reason: `${describeOp(history, i)} writes null, which is the initial value too` };
    const index = writes[key[i]! + 1]!;
    const before = index.get(id);
    if (before !== undefined) return { reason: writtenTwice(history, before, i) };
    index.set(id, i);
  }
  return { writes, failed };
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
