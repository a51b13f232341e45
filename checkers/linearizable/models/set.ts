import type { Key } from '../../../histories/op.ts';
import { identity } from '../../identity.ts';
import type { Model, ModelOperation } from '../model.ts';
import { unknownFunction } from './unknown-function.ts';

/** Elements by identity, sorted, so that equal sets look the same. */
type Elements = readonly unknown[];

/**
 * A set: `add` and `remove` of an element, which may tell with a boolean whether they changed anything; `contains`, which
 * tells with a boolean; `read` of all elements as an array.
 */
export const setModel: Model<Elements> = {
  name: 'set',
  init: () => [],
  step(state, op) {
    const { f, argument, result, outcome } = op;
    if (f === 'read') return outcome === 'info' || sameElements(state, result) ? state : undefined;
    const element = identity(argument);
    const inside = state.includes(element);
    if (f === 'contains') return outcome === 'info' || result === inside ? state : undefined;
    if (f !== 'add' && f !== 'remove') throw unknownFunction('set', f, ['add', 'remove', 'contains', 'read']);
    const changes = inside === (f === 'remove');
    if (outcome === 'ok' && typeof result === 'boolean' && result !== changes) return undefined;
    if (!changes) return state;
    return f === 'add' ? sorted([...state, element]) : state.filter((e) => e !== element);
  },
  equal: (a, b) => a.length === b.length && a.every((element, i) => element === b[i]),
  hash: (state) => JSON.stringify(state),
  describe: (state) => `{${state.map((element) => String(element).replace('\u0000', '')).join(', ')}}`,
  effect: ({ f }) => (f === 'contains' || f === 'read' ? 'none' : undefined),
  partition: (op: ModelOperation): Key | undefined => {
    if (op.f === 'read') return undefined;
    const element = identity(op.argument);
    return typeof element === 'number' ? element : JSON.stringify(element);
  },
};

function sameElements(state: Elements, result: unknown): boolean {
  if (!Array.isArray(result)) return false;
  const read = new Set(result.map(identity));
  return read.size === state.length && state.every((element) => read.has(element));
}

function sorted(elements: unknown[]): Elements {
  return elements.sort((a, b) => (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0));
}
