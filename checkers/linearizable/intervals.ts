import type { History } from '../../histories/history.ts';
import { INFO, INVOKE, type Key, NEMESIS } from '../../histories/op.ts';

/** The completion index of an operation that never completed, or whose outcome nobody knows. */
export const NEVER = 0x7fffffff;

/**
 * The operations of a history, grouped by the object they are about and in the order of their invocations.
 * Columnar. Event indices serve as times: all that linearizability asks of time is which event came first.
 */
export interface Intervals {
  readonly history: History;
  /** Event index of the invocation. */
  readonly call: Int32Array;
  /** Event index of the completion; `NEVER` when pending. */
  readonly ret: Int32Array;
  /** `OK`, `FAIL` or `INFO`; `INFO` also when there is no completion. */
  readonly outcome: Uint8Array;
  readonly objects: readonly ObjectRange[];
}

/** Operations `from` (inclusive) to `to` (exclusive) are about one object. */
export interface ObjectRange {
  readonly key: Key | undefined;
  readonly from: number;
  readonly to: number;
}

/** Pairs invocations with completions and groups them by key; events of the nemesis are left out. */
export function intervalsOf(history: History): Intervals {
  const { process, type, pair, key, keyNames } = history.columns;
  const n = history.length;
  const starts = new Int32Array(keyNames.length + 2);
  for (let i = 0; i < n; i++) {
    if (type[i] === INVOKE && process[i] !== NEMESIS) starts[key[i]! + 2]!++;
  }
  const objects: ObjectRange[] = [];
  for (let k = 1; k < starts.length; k++) {
    const from = starts[k - 1]!;
    const to = (starts[k]! += from);
    if (to > from) objects.push({ key: k === 1 ? undefined : keyNames[k - 2], from, to });
  }
  const count = starts[starts.length - 1]!;
  const call = new Int32Array(count);
  const ret = new Int32Array(count);
  const outcome = new Uint8Array(count);
  for (let i = 0; i < n; i++) {
    if (type[i] !== INVOKE || process[i] === NEMESIS) continue;
    const at = starts[key[i]! + 1]!++;
    const completion = pair[i]!;
    const result = completion < 0 ? INFO : type[completion]!;
    call[at] = i;
    ret[at] = result === INFO ? NEVER : completion;
    outcome[at] = result;
  }
  return { history, call, ret, outcome, objects };
}
