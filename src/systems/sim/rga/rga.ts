import type { System } from '../../../world/system.ts';
import { operationBasedSystem } from '../shared/crdt/operation-based.ts';
import { GrowableArray } from './growable-array.ts';

/** A text that replicas edit at once: a linked list in which nothing is ever moved. */
export const rga: System = operationBasedSystem({
  name: 'rga',
  about:
    'replicated growable array: a text whose elements are inserted each behind another, by names that never change',
  how: [
    'Every element has an id: a Lamport time, and its replica. An insert names the element that it goes behind. Where several were put behind the same one, the greater id comes first: an insert goes past all elements with greater ids, which are its concurrent rivals and what was put behind those.',
    'A deleted element stays as a tombstone, since others may yet be put behind it.',
  ],
  sources: [
    'Roh, Jeon, Kim and Lee, Replicated abstract data types: Building blocks for collaborative applications, JPDC 2011',
    'Attiya et al., Specification and Complexity of Collaborative Text Editing, PODC 2016, §4, for the proof',
  ],
  safety: ['strong-list'],
  bugs: {
    'siblings-unordered': {
      about:
        'an insert goes right behind its element, not past the rivals with greater ids: what stands first depends on what came last',
      workload: 'text',
      nemeses: ['partition'],
    },
    'ids-not-unique': {
      about:
        'an id is a Lamport time without the name of its replica: of two elements with one id the second counts as known, and is dropped',
      workload: 'text',
      nemeses: ['partition'],
    },
    'tombstones-collected': {
      about:
        'a deleted element is forgotten at once: what another replica puts behind it has lost its place, and goes to the beginning',
      workload: 'text',
      nemeses: ['partition'],
    },
  },
  serves: { text: ['insert', 'delete', 'read'] },
  object: (bugs) => new GrowableArray(bugs),
});
