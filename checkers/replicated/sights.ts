import type { History } from '../../histories/history.ts';
import { malformed } from '../malformed.ts';
import { groupBy, type Operation } from '../operations.ts';
import {
  includes,
  isVersionVector,
  parseUpdateName,
  type UpdateName,
  type VersionVector,
} from '../version-vector.ts';

/** An acknowledged update, and what its replica had delivered when it was made (its context; Burckhardt et al. 2014). */
export interface Update extends UpdateName {
  readonly op: Operation;
  readonly saw: VersionVector;
}

/** What a replica showed, and the updates that it had delivered by then. */
export interface Sight {
  readonly op: Operation;
  readonly seen: VersionVector;
  readonly state: unknown;
}

/** One replicated object: what was done to it and what was seen of it. */
export interface ReplicatedObject {
  readonly updates: readonly Update[];
  readonly sights: readonly Sight[];
  /** Updates of unknown outcome: their names are unknown too. */
  readonly unsure: readonly Operation[];
}

/**
 * Takes apart the operations on one object. `read` completes with `{ updates, state }`, `updates` being a version vector;
 * every other operation is an update and completes with `{ update, saw }`: its name (`n1:5`) and the version vector of its
 * replica before it; and, if the replica shows what came of it, `state`.
 */
export function replicatedObject(history: History, ops: readonly Operation[]): ReplicatedObject {
  const updates: Update[] = [];
  const sights: Sight[] = [];
  const unsure: Operation[] = [];
  for (const op of ops) {
    if (op.outcome === 'fail') continue;
    if (op.f === 'read') {
      if (op.outcome === 'ok') sights.push(sightOf(history, op));
    } else if (op.outcome === 'info') {
      unsure.push(op);
    } else {
      const update = updateOf(history, op);
      updates.push(update);
      const { state } = op.result as { readonly state?: unknown };
      if (state !== undefined)
        sights.push({ op, seen: { ...update.saw, [update.origin]: update.number }, state });
    }
  }
  return { updates, sights, unsure };
}

function sightOf(history: History, op: Operation): Sight {
  const { updates, state } = fieldsOf(op);
  if (!isVersionVector(updates) || state === undefined)
    throw malformed(history, op.event, 'an object { updates: { NODE: COUNT }, state }');
  return { op, seen: updates, state };
}

function updateOf(history: History, op: Operation): Update {
  const { update, saw } = fieldsOf(op);
  const name = parseUpdateName(update);
  if (name === undefined || !isVersionVector(saw))
    throw malformed(history, op.event, 'an object { update: "NODE:NUMBER", saw: { NODE: COUNT } }');
  return { ...name, op, saw };
}

function fieldsOf({ result }: Operation): Readonly<Record<string, unknown>> {
  return typeof result === 'object' && result !== null ? (result as Record<string, unknown>) : {};
}

/** The elements that a sight of a collection shows. */
export function elementsOf(history: History, { op, state }: Sight): readonly unknown[] {
  if (!Array.isArray(state)) throw malformed(history, op.event, 'an object with an array as state');
  return state;
}

/** Whether the one who made `later` knew of `earlier`. */
export function knewOf(later: Update, earlier: Update): boolean {
  return later !== earlier && includes(later.saw, earlier);
}

/** Tells what a sight may show besides the updates that are known by name. */
export class Unsure {
  private readonly unsure: readonly Operation[];
  private readonly known: ReadonlyMap<string, readonly Update[]>;

  /** `all`: every update of the history, of whatever object: one vector counts them all. */
  constructor(all: readonly Update[], unsure: readonly Operation[]) {
    this.unsure = unsure;
    this.known = groupBy(all, ({ origin }) => origin);
  }

  /** Updates of unknown outcome that the sight may show, because it counts updates that nobody has a name for. */
  in({ op, seen }: Sight): readonly Operation[] {
    if (this.unsure.length === 0) return [];
    const nameless = new Set<string>();
    for (const [origin, count] of Object.entries(seen)) {
      const named = (this.known.get(origin) ?? []).filter(({ number }) => number <= count).length;
      if (named < count) nameless.add(origin);
    }
    return this.unsure.filter(
      (update) => update.begin < op.event && (update.node === undefined || nameless.has(update.node)),
    );
  }
}
