import type { Model } from '../model.ts';
import { unknownFunction } from './unknown-function.ts';

/** A number, 0 at first: `add` with the amount, which may be negative, and `read`. */
export const counterModel: Model<number> = {
  name: 'counter',
  init: () => 0,
  step(state, { f, argument, result, outcome }) {
    if (f === 'add') return state + Number(argument ?? 1);
    if (f === 'read') return outcome === 'info' || result === state ? state : undefined;
    throw unknownFunction('counter', f, ['add', 'read']);
  },
  equal: (a, b) => a === b,
  hash: (state) => state,
  describe: String,
  additive: true,
  effect: ({ f }) => (f === 'read' ? 'none' : undefined),
};
