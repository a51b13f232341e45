import { stats } from '../checkers/stats.ts';
import { listAppend } from '../checkers/transactions/list-append.ts';
import type { Key } from '../histories/op.ts';
import { operations } from '../src/generator/operations.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { ActiveKeys, readTouchedKeys } from './active-keys.ts';
import { promisedModel } from './promises.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  keys: { type: 'integer', default: 3, min: 1, about: 'lists in use at a time; few, so that clients meet' },
  'max-writes': {
    type: 'integer',
    default: 32,
    min: 1,
    about: 'appends to a list before a new one takes its place',
  },
  'max-length': { type: 'integer', default: 4, min: 1, about: 'micro-operations of the longest transaction' },
  reads: { type: 'probability', default: 0.5, about: 'share of reads among the micro-operations' },
} as const satisfies Parameters;

/** A part of a transaction: reads a whole list (null → the array), or appends a value that the list never got before. */
type MicroOperation = readonly ['r', Key, null] | readonly ['append', Key, number];

/** Transactions over lists (Kingsbury and Alvaro, Elle, 2020). `txn`: an array of micro-operations, with what they read. */
export const append: Workload = {
  name: 'append',
  about: 'transactions that read lists and append unique values to them',
  parameters: PARAMETERS,
  generator({ parameters }) {
    const values = parameters as ParameterValues<typeof PARAMETERS>;
    const lists = new ActiveKeys(values.keys, values['max-writes']);
    return operations(({ random }) => {
      const length = random.between(1, values['max-length']);
      const value = Array.from({ length }, (): MicroOperation => {
        const slot = random.int(values.keys);
        return random.chance(values.reads) ? ['r', lists.key(slot), null] : ['append', ...lists.write(slot)];
      });
      return { f: 'txn', value };
    });
  },
  finale: readTouchedKeys,
  checkers: ({ guarantees }) => [listAppend({ model: promisedModel(guarantees) }), stats()],
};
