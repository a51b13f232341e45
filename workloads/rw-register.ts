import { stats } from '../checkers/stats.ts';
import { rwRegister as registers } from '../checkers/transactions/rw-register.ts';
import type { Key } from '../histories/op.ts';
import { operations } from '../src/generator/operations.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { ActiveKeys, readTouchedKeys } from './active-keys.ts';
import { promisedModel, promisesLinearizability } from './promises.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  keys: {
    type: 'integer',
    default: 3,
    min: 1,
    about: 'registers in use at a time; few, so that clients meet',
  },
  'max-writes': {
    type: 'integer',
    default: 32,
    min: 1,
    about: 'writes to a register before a new one takes its place',
  },
  'max-length': { type: 'integer', default: 4, min: 1, about: 'micro-operations of the longest transaction' },
  reads: { type: 'probability', default: 0.5, about: 'share of reads among the micro-operations' },
} as const satisfies Parameters;

/** A part of a transaction: reads a register (null → its value, null at first), or writes a value that it never held before. */
type MicroOperation = readonly ['r', Key, null] | readonly ['w', Key, number];

/** Transactions over registers (Elle's and Maelstrom's `rw-register`). `txn`: an array of micro-operations, with what they read. */
export const rwRegister: Workload = {
  name: 'rw-register',
  about: 'transactions that read registers and write unique values to them',
  parameters: PARAMETERS,
  generator({ parameters }) {
    const values = parameters as ParameterValues<typeof PARAMETERS>;
    const keys = new ActiveKeys(values.keys, values['max-writes']);
    return operations(({ random }) => {
      const length = random.between(1, values['max-length']);
      const value = Array.from({ length }, (): MicroOperation => {
        const slot = random.int(values.keys);
        return random.chance(values.reads) ? ['r', keys.key(slot), null] : ['w', ...keys.write(slot)];
      });
      return { f: 'txn', value };
    });
  },
  finale: readTouchedKeys,
  checkers({ guarantees }) {
    const model = promisedModel(guarantees);
    return [registers({ model, linearizableKeys: promisesLinearizability(guarantees) }), stats()];
  },
};
