import { byKey as eventsByKey, eventsOf } from '../histories/groups.ts';
import type { History } from '../histories/history.ts';
import { INFO, INVOKE, type Key, type Nanos, NEMESIS, OP_TYPES } from '../histories/op.ts';

/** An invocation of a client together with its completion. */
export interface Operation {
  readonly f: string;
  readonly key: Key | undefined;
  /** What the invocation carried. */
  readonly argument: unknown;
  /** What the completion carried; undefined where nothing came back. */
  readonly result: unknown;
  readonly process: number;
  /** The node that answered, or that was asked if none did. */
  readonly node: string | undefined;
  /** `info` also when no completion was recorded. */
  readonly outcome: 'ok' | 'fail' | 'info';
  /** Index of the invocation, so that one order compares every two events. */
  readonly begin: number;
  /** Index of the completion; infinite when the outcome is unknown, as it may still take effect. */
  readonly end: number;
  readonly startTime: Nanos;
  /** Time of the completion; infinite when there is none. */
  readonly endTime: Nanos;
  /** The event to show as proof: the completion where one was recorded, else the invocation. */
  readonly event: number;
}

/**
 * Every operation of the clients, in the order of invocation. A convenience of about 150 bytes an operation; checkers
 * that must be fast read the columns. Completions without an invocation are left out.
 */
export function operationsOf(history: History): Operation[] {
  const out: Operation[] = [];
  for (let i = 0; i < history.length; i++) {
    if (history.type[i] === INVOKE && history.process[i] !== NEMESIS) out.push(operationAt(history, i));
  }
  return out;
}

function operationAt(history: History, begin: number): Operation {
  const pair = history.pair[begin]!;
  const type = pair < 0 ? INFO : history.type[pair]!;
  return {
    f: history.fName(begin),
    key: history.key(begin),
    argument: history.value(begin),
    result: pair < 0 ? undefined : history.value(pair),
    process: history.process[begin]!,
    node: (pair < 0 ? undefined : history.node(pair)) ?? history.node(begin),
    outcome: OP_TYPES[type] as Operation['outcome'],
    begin,
    end: type === INFO ? Number.POSITIVE_INFINITY : pair,
    startTime: history.time[begin]!,
    endTime: pair < 0 ? Number.POSITIVE_INFINITY : history.time[pair]!,
    event: pair < 0 || type === INFO ? begin : pair,
  };
}

/**
 * The operations with these functions, key after key and in order within each; those without a key together under
 * undefined. Only one key's are in memory at a time, beside 8 bytes for each event.
 */
export function* operationsByKey(
  history: History,
  functions: readonly string[],
): IterableIterator<[key: Key | undefined, operations: Operation[]]> {
  const wanted = history.fNames.map((name) => functions.includes(name));
  const keys = eventsByKey(history);
  for (const [g, key] of keys.names.entries()) {
    const operations: Operation[] = [];
    for (const i of eventsOf(keys, g)) {
      if (history.type[i] === INVOKE && wanted[history.f[i]!]) operations.push(operationAt(history, i));
    }
    if (operations.length > 0) yield [key, operations];
  }
}

/** The operations of each key, in order; those without a key together under undefined. */
export function byKey(operations: readonly Operation[]): Map<Key | undefined, Operation[]> {
  return groupBy(operations, (op) => op.key);
}

/** Groups in the order of each group's first member. */
export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
