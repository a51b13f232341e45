import { bank as accounts } from '../checkers/bank.ts';
import { stats } from '../checkers/stats.ts';
import { operations } from '../src/generator/operations.ts';
import { ALL_MONEY } from '../src/world/bank-accounts.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { readEverywhere } from './final-reads.ts';
import { promisesSnapshots } from './promises.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  accounts: { type: 'integer', default: 8, min: 2, about: 'accounts, numbered from 0' },
  'max-amount': { type: 'integer', default: 5, min: 1, about: 'the most money that is moved at once' },
  reads: { type: 'probability', default: 0.5, about: 'share of reads among the operations' },
} as const satisfies Parameters;

/**
 * Accounts between which money is moved (Jepsen's `bank`). Account 0 has 100 at first, the others nothing. `transfer`:
 * `{ from, to, amount }`, fails with `insufficient` where the account holds less; `read`, in one transaction: null → an
 * object with the balance of every account, of which those that never had anything may be absent.
 */
export const bank: Workload = {
  name: 'bank',
  about: 'moves money between accounts and reads all balances at once',
  parameters: PARAMETERS,
  generator({ parameters }) {
    const { accounts: count, 'max-amount': most, reads } = parameters as ParameterValues<typeof PARAMETERS>;
    return operations(({ random }) => {
      if (random.chance(reads)) return { f: 'read', value: null };
      const from = random.int(count);
      const to = (from + random.between(1, count - 1)) % count;
      return { f: 'transfer', value: { from, to, amount: random.between(1, most) } };
    });
  },
  finale: (options) => readEverywhere(options, [{ f: 'read', value: null }]),
  checkers: ({ guarantees }) =>
    promisesSnapshots(guarantees) ? [accounts({ total: ALL_MONEY }), stats()] : [stats()],
};
