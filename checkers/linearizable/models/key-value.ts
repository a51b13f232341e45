import type { Model } from '../model.ts';
import { unknownFunction } from './unknown-function.ts';

/** A string with a hash that grows with it, so that appending costs what is appended. */
interface Text {
  readonly text: string;
  readonly hash: number;
}

const EMPTY: Text = { text: '', hash: 0 };

/**
 * One key of a store of strings: `get`, `put`, and `append` to what is there; a missing key reads `null` or
 * `""`.
 */
export const keyValueModel: Model<Text> = {
  name: 'key-value',
  init: () => EMPTY,
  step(state, { f, argument, result, outcome }) {
    if (f === 'get') return outcome === 'info' || same(state.text, toText(result)) ? state : undefined;
    if (f === 'put') return append(EMPTY, toText(argument));
    if (f === 'append') return append(state, toText(argument));
    throw unknownFunction('key-value', f, ['get', 'put', 'append']);
  },
  equal: (a, b) => a.hash === b.hash && same(a.text, b.text),
  hash: (state) => state.hash,
  describe: (state) => JSON.stringify(state.text),
  effect: ({ f }) => (f === 'get' ? 'none' : f === 'put' ? 'overwrite' : undefined),
  rulesOut: (state, { f, outcome, result }) =>
    f === 'get' && outcome === 'ok' && !toText(result).startsWith(state.text),
};

function append(to: Text, piece: string): Text {
  let { hash } = to;
  for (let i = 0; i < piece.length; i++) hash = (Math.imul(hash, 31) + piece.charCodeAt(i) + 1) | 0;
  return { text: to.text + piece, hash };
}

function same(a: string, b: string): boolean {
  return a.length === b.length && a === b;
}

function toText(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}
