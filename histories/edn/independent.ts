import type { Columns } from '../history.ts';
import { History } from '../history.ts';
import { INVOKE, type Key, NEMESIS } from '../op.ts';

/** Jepsen's `independent` puts the key into the value. */
type Tuple = readonly [key: Key, value: unknown];

/**
 * Whether clients' values are Jepsen's independent tuples `[key value]`: all of them are pairs that begin with a name or
 * number, completions repeat the key of their invocations, and some invocation asks for a value (`[key nil]`), which
 * tells tuples from the `[old new]` of a cas, as a history of those also has reads of `nil`.
 */
export function isKeyed(history: History): boolean {
  const { process, type, pair, key } = history.columns;
  let asks = false;
  for (let i = 0; i < history.length; i++) {
    if (process[i] === NEMESIS) continue;
    const value = history.value(i);
    if (key[i] !== -1 || !isTuple(value)) return false;
    if (type[i] === INVOKE) asks ||= value[1] === null;
    else if (pair[i] !== -1 && (history.value(pair[i]!) as Tuple)[0] !== value[0]) return false;
  }
  return asks;
}

/** The history with the first half of each client's tuple as key and the second as value. */
export function liftKeys(history: History): History {
  const { columns } = history;
  const values = columns.values.slice();
  const key = columns.key.slice();
  const keyNames: Key[] = [];
  const ids = new Map<Key, number>();
  for (let i = 0; i < history.length; i++) {
    const value = values[i];
    if (columns.process[i] === NEMESIS || !isTuple(value)) continue;
    let id = ids.get(value[0]);
    if (id === undefined) {
      id = keyNames.push(value[0]) - 1;
      ids.set(value[0], id);
    }
    key[i] = id;
    values[i] = value[1];
  }
  return new History({ ...columns, values, key, keyNames } satisfies Columns);
}

function isTuple(value: unknown): value is Tuple {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    (typeof value[0] === 'string' || typeof value[0] === 'number')
  );
}
