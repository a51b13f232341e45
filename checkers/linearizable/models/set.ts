import type { Key } from '../../../histories/op.ts';
import { formatValue, list } from '../../describe.ts';
import { identity } from '../../identity.ts';
import type { Model, ModelOperation } from '../model.ts';
import { unknownFunction } from './unknown-function.ts';

/** Elements by identity, and a hash that doesn't depend on how they came. */
interface Elements {
  readonly all: ReadonlySet<unknown>;
  readonly hash: number;
}

/**
 * A set: `add` and `remove` of an element, which may tell with a boolean whether they changed anything;
 * `contains`, which tells with a boolean; `read` of all elements as an array.
 */
export const setModel: Model<Elements> = {
  name: 'set',
  init: () => ({ all: new Set(), hash: 0 }),
  step(state, { f, argument, result, outcome }) {
    if (f === 'read') return outcome === 'info' || isAll(state, result) ? state : undefined;
    const element = identity(argument);
    const inside = state.all.has(element);
    if (f === 'contains') return outcome === 'info' || result === inside ? state : undefined;
    if (f !== 'add' && f !== 'remove') throw unknownFunction('set', f, ['add', 'remove', 'contains', 'read']);
    const changes = inside === (f === 'remove');
    if (outcome === 'ok' && typeof result === 'boolean' && result !== changes) return undefined;
    return changes ? toggled(state, element) : state;
  },
  equal: (a, b) =>
    a.hash === b.hash && a.all.size === b.all.size && [...a.all].every((element) => b.all.has(element)),
  hash: (state) => state.hash,
  describe: (state) => `{${list([...state.all].map(formatValue))}}`,
  effect: ({ f }) => (f === 'contains' || f === 'read' ? 'none' : undefined),
  partition: (op: ModelOperation): Key | undefined => {
    if (op.f === 'read') return undefined;
    const element = identity(op.argument);
    return typeof element === 'number' ? element : JSON.stringify(element);
  },
};

/**
 * A set from which nothing is ever removed, so that a read of fewer elements than there are is out of the
 * question.
 */
export const growOnlySetModel: Model<Elements> = {
  ...setModel,
  rulesOut: ({ all }, { f, outcome, result }) =>
    f === 'read' && outcome === 'ok' && Array.isArray(result) && !isSubset(all, elementsOf(result)),
};

/** Elements of results that were read, so that each is gone through once. */
const READ = new WeakMap<readonly unknown[], ReadonlySet<unknown>>();

function elementsOf(result: readonly unknown[]): ReadonlySet<unknown> {
  let elements = READ.get(result);
  if (elements === undefined) {
    elements = new Set(result.map(identity));
    READ.set(result, elements);
  }
  return elements;
}

function isAll({ all }: Elements, result: unknown): boolean {
  if (!Array.isArray(result) || result.length < all.size) return false;
  const read = elementsOf(result);
  return read.size === all.size && isSubset(all, read);
}

function isSubset(of: ReadonlySet<unknown>, whole: ReadonlySet<unknown>): boolean {
  for (const element of of) if (!whole.has(element)) return false;
  return true;
}

function toggled({ all, hash }: Elements, element: unknown): Elements {
  const after = new Set(all);
  const share = hashOf(String(element));
  if (after.delete(element)) return { all: after, hash: (hash - share) | 0 };
  return { all: after.add(element), hash: (hash + share) | 0 };
}

function hashOf(text: string): number {
  let hash = 7;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
}
