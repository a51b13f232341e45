import { identity } from '../../identity.ts';
import type { Model, ModelOperation } from '../model.ts';
import { unknownFunction } from './unknown-function.ts';

type Elements = readonly unknown[];

/**
 * A first-in, first-out queue: `enqueue`, and `dequeue`, which gives `null`, or fails with `empty`, when
 * there is nothing.
 */
export const queueModel: Model<Elements> = container('queue', 'enqueue', 'dequeue', (elements) => [
  elements[0],
  elements.slice(1),
]);

/**
 * A last-in, first-out stack: `push`, and `pop`, which gives `null`, or fails with `empty`, when there is
 * nothing.
 */
export const stackModel: Model<Elements> = container('stack', 'push', 'pop', (elements) => [
  elements.at(-1),
  elements.slice(0, -1),
]);

function container(
  name: string,
  put: string,
  take: string,
  taken: (elements: Elements) => readonly [unknown, Elements],
): Model<Elements> {
  return {
    name,
    init: () => [],
    step(state, op) {
      if (op.f === put) return [...state, op.argument];
      if (op.f !== take) throw unknownFunction(name, op.f, [put, take]);
      if (foundNothing(op)) return state.length === 0 ? state : undefined;
      if (state.length === 0) return op.outcome === 'info' ? state : undefined;
      const [element, rest] = taken(state);
      return op.outcome === 'info' || identity(element) === identity(op.result) ? rest : undefined;
    },
    equal: (a, b) => a.length === b.length && a.every((element, i) => identity(element) === identity(b[i])),
    hash: (state) => JSON.stringify(state),
    describe: (state) => JSON.stringify(state),
    effect: (op) => (op.f === take && foundNothing(op) ? 'none' : undefined),
    refuses: (f, error) => f === take && error === 'empty',
  };
}

/** Whether a removal found the container empty. */
export function foundNothing({ outcome, result }: ModelOperation): boolean {
  return outcome === 'fail' || (outcome === 'ok' && (result === null || result === undefined));
}
