import type { History } from './history.ts';
import { type Key, NEMESIS, type Process } from './op.ts';

/**
 * The events of a history in groups, in order within each, as one array of indices cut into slices: one counting sort,
 * no copies of events, 8 bytes an event however many groups there are. A checker of independent keys runs over
 * `eventsOf(groups, g)` and reads the columns of the whole history at those indices, so its anomalies name the right
 * events and `pair` leads to the right completions as they are.
 */
export interface Groups<Name> {
  /** Names of the groups, in the order of their first events; no group is empty. */
  readonly names: readonly Name[];
  /** Group `g` is `events[start[g]]` to `events[start[g + 1] - 1]`. */
  readonly start: Int32Array;
  readonly events: Int32Array;
}

/** The indices of the events of group `g`, ascending; a window on `groups.events`, not a copy. */
export function eventsOf(groups: Groups<unknown>, g: number): Int32Array {
  return groups.events.subarray(groups.start[g], groups.start[g + 1]);
}

/**
 * Clients' events by key. A completion belongs to its invocation's key, even when it names none. Events about no key
 * form a group called `undefined`; those of the nemesis are in no group.
 */
export function byKey(history: History): Groups<Key | undefined> {
  const { key, pair, process, keyNames } = history.columns;
  return grouped(
    history.length,
    (i) => {
      if (process[i] === NEMESIS) return OUTSIDE;
      const other = pair[i]!;
      return key[other >= 0 && other < i ? other : i]!;
    },
    (id) => keyNames[id],
  );
}

/** All events by process. */
export function byProcess(history: History): Groups<Process> {
  const { process } = history.columns;
  return grouped(
    history.length,
    (i) => process[i]!,
    (id) => (id === NEMESIS ? 'nemesis' : id),
  );
}

/** All events by function. */
export function byF(history: History): Groups<string> {
  const { f, fNames } = history.columns;
  return grouped(
    history.length,
    (i) => f[i]!,
    (id) => fNames[id]!,
  );
}

/** Marks an event that belongs to no group. */
const OUTSIDE = -2;

function grouped<Name>(
  length: number,
  idOf: (i: number) => number,
  nameOf: (id: number) => Name,
): Groups<Name> {
  const names: Name[] = [];
  const groupOfId = new Map<number, number>();
  const group = new Int32Array(length);
  const sizes: number[] = [];
  for (let i = 0; i < length; i++) {
    const id = idOf(i);
    if (id === OUTSIDE) {
      group[i] = -1;
      continue;
    }
    let g = groupOfId.get(id);
    if (g === undefined) {
      g = names.length;
      groupOfId.set(id, g);
      names.push(nameOf(id));
      sizes.push(0);
    }
    group[i] = g;
    sizes[g]!++;
  }
  const start = new Int32Array(names.length + 1);
  for (let g = 0; g < names.length; g++) start[g + 1] = start[g]! + sizes[g]!;
  const events = new Int32Array(start[names.length]!);
  const next = start.slice();
  for (let i = 0; i < length; i++) {
    const g = group[i]!;
    if (g >= 0) events[next[g]!++] = i;
  }
  return { names, start, events };
}
