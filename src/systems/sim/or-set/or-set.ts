import type { System } from '../../../world/system.ts';
import { type StateBased, stateBasedSystem } from '../shared/crdt/state-based.ts';

/** Names one add, as no other is named. */
type Tag = string;

interface Tags {
  /** Of each element, the adds of it that nobody has removed. */
  readonly live: Readonly<Record<string, readonly Tag[]>>;
  /** The adds that were removed, in the order in which that was heard. */
  readonly tombstones: readonly Tag[];
}

/** The tombstones that are left when they are collected. */
const FEW_TOMBSTONES = 5;

/** A set of which one may also take out: an add that the remover did not know stays. */
export const orSet: System = stateBasedSystem({
  name: 'or-set',
  about: 'observed-remove set: a remove takes out the adds that it has seen, so a concurrent add wins',
  how: [
    'Each add gets a tag of its own. A remove moves the tags of the element that its replica has seen among the tombstones; the element is there as long as a tag of it lives. So an add that the remover had not seen survives it.',
    'Tombstones are never forgotten here: one may go only when every replica has met it, or a replica that has slept brings the element back.',
  ],
  sources: [
    'Shapiro et al., A comprehensive study of CRDTs, INRIA 2011, specification 15',
    'Bieniusa et al., An optimized conflict-free replicated set, INRIA 2012, for doing without tombstones',
  ],
  bugs: {
    'remove-wins': {
      about:
        'a remove is remembered by its element and not by the adds that it saw, so it also kills those that it never saw',
      workload: 'replicated-set',
      nemeses: ['partition'],
    },
    'tags-not-unique': {
      about:
        'tags are counted in memory and begin anew after a crash: a new add bears the tag of one that was removed, and is dead from the start',
      workload: 'replicated-set',
      nemeses: ['kill'],
    },
    'tombstones-collected': {
      about:
        'only the latest tombstones are kept, whether or not everybody has met them: a replica that was away brings a removed element back',
      workload: 'replicated-set',
      nemeses: ['partition'],
    },
  },
  serves: { 'replicated-set': ['add', 'remove', 'read'] },
  object,
});

/** Specification 15 of the comprehensive study, by states. */
function object(bugs: ReadonlySet<string>): StateBased<Tags> {
  /** Of this process. */
  let made = 0;
  return {
    empty: { live: {}, tombstones: [] },
    update({ live, tombstones }, { f, value, origin, number }) {
      const element = String(value);
      const seen = live[element] ?? [];
      if (f === 'remove') {
        const dead = bugs.has('remove-wins') ? [...seen, `all of ${element}`] : seen;
        return collected({ live: { ...live, [element]: [] }, tombstones: union(tombstones, dead) });
      }
      // Counted in memory, a tag comes back after a crash.
      const tag = `${origin}:${bugs.has('tags-not-unique') ? ++made : number}`;
      return without({ live: { ...live, [element]: union(seen, [tag]) }, tombstones });
    },
    merge(mine, theirs) {
      const live: Record<string, readonly Tag[]> = { ...mine.live };
      for (const [element, tags] of Object.entries(theirs.live))
        live[element] = union(live[element] ?? [], tags);
      return collected(without({ live, tombstones: union(mine.tombstones, theirs.tombstones) }));
    },
    query: ({ live }) =>
      Object.keys(live)
        .filter((element) => live[element]!.length > 0)
        .map(Number)
        .sort((a, b) => a - b),
  };

  /** Takes the dead out of the living. */
  function without({ live, tombstones }: Tags): Tags {
    const dead = new Set(tombstones);
    const left = Object.entries(live).map(([element, tags]) => [
      element,
      dead.has(`all of ${element}`) ? [] : tags.filter((tag) => !dead.has(tag)),
    ]);
    return { live: Object.fromEntries(left), tombstones };
  }

  function collected(tags: Tags): Tags {
    // Who has not met them yet still has the adds that they were to kill.
    return bugs.has('tombstones-collected')
      ? { ...tags, tombstones: tags.tombstones.slice(-FEW_TOMBSTONES) }
      : tags;
  }
}

function union(a: readonly Tag[], b: readonly Tag[]): readonly Tag[] {
  const known = new Set(a);
  const added = b.filter((tag) => !known.has(tag));
  return added.length === 0 ? a : [...a, ...added];
}
