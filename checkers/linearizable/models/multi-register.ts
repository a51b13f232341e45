import { identity } from '../../identity.ts';
import { MalformedOp } from '../../malformed.ts';
import type { Model } from '../model.ts';
import { unknownFunction } from './unknown-function.ts';

/** Values of the registers written so far, by name. */
type Registers = Readonly<Record<string, unknown>>;

/**
 * Many registers under one roof: `txn` with a list of `["read", name, value]` and `["write", name, value]`
 * (or `r` and `w`), all done at one instant. Registers never written hold `initial`.
 */
export function multiRegisterModel(initial: unknown = null): Model<Registers> {
  return {
    name: 'multi-register',
    init: () => ({}),
    step(state, { f, argument, result, outcome }) {
      if (f !== 'txn') throw unknownFunction('multi-register', f, ['txn']);
      let after = state;
      for (const [action, name, value] of microOperations(outcome === 'ok' ? result : argument)) {
        if (action.startsWith('w')) after = { ...after, [name]: value };
        else if (outcome === 'ok' && identity(value) !== identity(name in after ? after[name] : initial))
          return undefined;
      }
      return after;
    },
    equal: (a, b) => canonical(a) === canonical(b),
    hash: canonical,
    describe: (state) => JSON.stringify(state),
    effect: ({ argument }) =>
      microOperations(argument).every(([action]) => action.startsWith('r')) ? 'none' : undefined,
  };
}

type MicroOperation = readonly [action: string, name: string, value: unknown];

function microOperations(value: unknown): readonly MicroOperation[] {
  const good = (item: unknown) => Array.isArray(item) && /^(r|w|read|write)$/.test(String(item[0]));
  if (Array.isArray(value) && value.every(good)) return value as MicroOperation[];
  throw new MalformedOp(
    `the value of a txn must be a list of ["read" or "write", name, value], not ${JSON.stringify(value)}`,
  );
}

function canonical(state: Registers): string {
  const names = Object.keys(state).sort();
  return JSON.stringify(names.map((name) => [name, state[name]]));
}
