import type { Model } from '../model.ts';
import { unknownFunction } from './unknown-function.ts';

/** One key of a store of strings: `get`, `put`, and `append` to what is there; a missing key reads `null` or `""`. */
export const keyValueModel: Model<string> = {
  name: 'key-value',
  init: () => '',
  step(state, { f, argument, result, outcome }) {
    if (f === 'get') return outcome === 'info' || text(result) === state ? state : undefined;
    if (f === 'put') return text(argument);
    if (f === 'append') return state + text(argument);
    throw unknownFunction('key-value', f, ['get', 'put', 'append']);
  },
  equal: (a, b) => a === b,
  hash: (state) => state,
  describe: (state) => JSON.stringify(state),
  effect: ({ f }) => (f === 'get' ? 'none' : f === 'put' ? 'overwrite' : undefined),
};

function text(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}
