import { longFork as forks } from '../checkers/long-fork.ts';
import { stats } from '../checkers/stats.ts';
import type { Key } from '../histories/op.ts';
import { operations } from '../src/generator/operations.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { readTouchedKeys } from './active-keys.ts';
import { promisesSnapshots } from './promises.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  groups: { type: 'integer', default: 2, min: 1, about: 'groups of keys in use at a time' },
  'group-size': { type: 'integer', default: 3, min: 2, about: 'keys of a group, which are read together' },
  reads: { type: 'probability', default: 0.6, about: 'share of reads among the transactions' },
} as const satisfies Parameters;

/** Keys that are read together, and how many of them are written. */
interface Group {
  readonly keys: readonly Key[];
  written: number;
}

/**
 * Transactions that write one key, each key once, or read all keys of a group (Jepsen's `long-fork`). `txn`: `["w", key, 1]`
 * alone, or `["r", key, null]` for each key of a group, answered with 1 or null.
 */
export const longFork: Workload = {
  name: 'long-fork',
  about: 'writes each key once and reads groups of keys, whose writes must seem to come in one order',
  parameters: PARAMETERS,
  generator({ parameters }) {
    const { groups: count, 'group-size': size, reads } = parameters as ParameterValues<typeof PARAMETERS>;
    let made = 0;
    const newGroup = (): Group => ({ keys: Array.from({ length: size }, () => `x${made++}`), written: 0 });
    const groups = Array.from({ length: count }, newGroup);
    return operations(({ random }) => {
      const slot = random.int(count);
      const group = groups[slot]!;
      if (random.chance(reads)) {
        const order = random.shuffle(group.keys);
        return { f: 'txn', value: order.map((key) => ['r', key, null]) };
      }
      const key = group.keys[group.written++];
      if (group.written === size) groups[slot] = newGroup();
      return { f: 'txn', value: [['w', key, 1]] };
    });
  },
  finale: readTouchedKeys,
  checkers: ({ guarantees }) => (promisesSnapshots(guarantees) ? [forks(), stats()] : [stats()]),
};
