import type { AnomalyKind } from './anomalies.ts';
import type { Level, OrderState } from './order-state.ts';
import { Relation } from './relation.ts';

/**
 * What a model forbids of the dependencies between transactions, for version orders that are known in part: more order
 * only adds to what is forbidden.
 */
export interface OrderClass {
  readonly kind: AnomalyKind;
  readonly level: Level;
  /** Whether what is decided so far contains something forbidden. */
  isBroken(state: OrderState): boolean;
  /**
   * The orders that would close a forbidden cycle at once: transitive, and true of `(a, b)` when a version that `b` wrote
   * can't be older than one that `a` wrote.
   */
  precedes(state: OrderState): Relation;
  /** Whether a transaction that saw another one, as `precedes` has it, can't have read an older version of what that wrote. */
  readonly readsAreCurrent: boolean;
}

const PLAIN: Level = { session: false, realtime: false };
const PROCESS: Level = { session: true, realtime: false };
const REALTIME: Level = { session: true, realtime: true };

const dependencies = (state: OrderState) => state.depends;

/** The classes of cycles, worst first. */
export const ORDER_CLASSES: readonly OrderClass[] = [
  {
    kind: 'lost-update',
    level: PLAIN,
    isBroken: losesUpdate,
    precedes: dependencies,
    readsAreCurrent: false,
  },
  {
    kind: 'update-atomic-violation',
    level: PLAIN,
    isBroken: missesOverwritten,
    precedes: dependencies,
    readsAreCurrent: false,
  },
  ...(
    [
      ['G-single-item', PLAIN],
      ['G-single-item-process', PROCESS],
      ['G-single-item-realtime', REALTIME],
    ] as const
  ).map(
    ([kind, level]): OrderClass => ({
      kind,
      level,
      isBroken: hasSingle,
      precedes: dependencies,
      readsAreCurrent: true,
    }),
  ),
  {
    kind: 'prefix-violation',
    level: PLAIN,
    isBroken: breaksPrefix,
    precedes: dependencies,
    readsAreCurrent: false,
  },
  ...(
    [
      ['G-nonadjacent-item', PLAIN],
      ['G-nonadjacent-item-process', PROCESS],
      ['G-nonadjacent-item-realtime', REALTIME],
    ] as const
  ).map(
    ([kind, level]): OrderClass => ({
      kind,
      level,
      isBroken: hasNonadjacent,
      precedes: dependencies,
      readsAreCurrent: true,
    }),
  ),
  { kind: 'G-update', level: PLAIN, isBroken: breaksUpdates, precedes: dependencies, readsAreCurrent: true },
  ...(
    [
      ['G2-item', PLAIN],
      ['G2-item-process', PROCESS],
      ['G2-item-realtime', REALTIME],
    ] as const
  ).map(
    ([kind, level]): OrderClass => ({
      kind,
      level,
      isBroken: (state) => everything(state).isCyclic(),
      precedes: everything,
      readsAreCurrent: true,
    }),
  ),
];

/** Dependencies and anti-dependencies, closed. */
function everything({ depends, missed }: OrderState): Relation {
  const all = depends.clone();
  for (let a = 0; a < all.size; a++) all.addRow(a, missed, a);
  all.close();
  return all;
}

/** A transaction read a version and overwrote it after another one had (G-cursor, Adya 1999, section 4.2.1). */
function losesUpdate(state: OrderState): boolean {
  if (state.depends.isCyclic()) return true;
  const { keys } = state.problem;
  return keys.some(({ writers, readers, initialReaders }, key) => {
    const overwrites = (reader: { txn: number }, isNewer: (w: number) => boolean) => {
      const own = writers.indexOf(reader.txn);
      return own >= 0 && writers.some((_, w) => w !== own && isNewer(w) && state.isOlder(key, w, own));
    };
    return (
      initialReaders.some((reader) => overwrites(reader, () => true)) ||
      readers.some((all, v) => all.some((reader) => overwrites(reader, (w) => state.isOlder(key, v, w))))
    );
  });
}

/** A transaction missed a write of one that it read from or whose version it overwrote (Cerone et al. 2015, NoConflict). */
function missesOverwritten(state: OrderState): boolean {
  if (state.depends.isCyclic()) return true;
  const { missed, versions, problem } = state;
  for (let a = 0; a < missed.size; a++) {
    let found = false;
    missed.each(a, (b) => {
      found ||= versions.has(b, a);
    });
    if (found) return true;
  }
  return problem.readsFrom.some(({ from, to }) => missed.has(to, from));
}

function hasSingle({ depends, missed }: OrderState): boolean {
  if (depends.isCyclic()) return true;
  for (let a = 0; a < missed.size; a++) {
    let found = false;
    missed.each(a, (b) => {
      found ||= depends.has(b, a);
    });
    if (found) return true;
  }
  return false;
}

/** Cycles in which an anti-dependency only ever follows a dependency. */
function hasNonadjacent({ depends, missed }: OrderState): boolean {
  const steps = depends.clone();
  for (let a = 0; a < steps.size; a++) depends.each(a, (b) => steps.addRow(a, missed, b));
  steps.close();
  return steps.isCyclic();
}

/** Cycles in which an anti-dependency only ever follows a read (Cerone, Gotsman and Yang 2017, prefix consistency). */
function breaksPrefix({ given, versions, missed }: OrderState): boolean {
  const steps = given.clone();
  for (let a = 0; a < steps.size; a++) {
    given.each(a, (b) => steps.addRow(a, missed, b));
    steps.addRow(a, versions, a);
  }
  steps.close();
  return steps.isCyclic();
}

/** Cycles with at most one transaction that only reads (Adya 1999, section 4.3.2, no-update-conflict-misses). */
function breaksUpdates(state: OrderState): boolean {
  const { depends, missed, problem } = state;
  if (depends.isCyclic()) return true;
  const { updates } = problem;
  const among = new Relation(updates.length);
  const keep = (a: number, b: number) => {
    if (updates[a] && updates[b]) among.add(a, b);
  };
  for (let a = 0; a < updates.length; a++) {
    depends.each(a, (b) => keep(a, b));
    missed.each(a, (b) => keep(a, b));
  }
  among.close();
  if (among.isCyclic()) return true;
  return problem.readsFrom.some(({ from, to }) => {
    if (updates[to]) return false;
    let found = false;
    missed.each(to, (b) => {
      found ||= b === from || among.has(b, from);
    });
    return found;
  });
}
