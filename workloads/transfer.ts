import { atomicCommit } from '../checkers/atomic-commit/atomic-commit.ts';
import { bank } from '../checkers/bank.ts';
import { apart } from '../checkers/deadline.ts';
import { stats } from '../checkers/stats.ts';
import { type Draft, operations } from '../src/generator/operations.ts';
import { phases } from '../src/generator/sequence.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import type { RandomStream } from '../src/world/random.ts';
import { readEverywhere } from './final-reads.ts';
import { deadlineFor } from './promises.ts';
import type { Workload, WorkloadOptions } from './workload.ts';

const PARAMETERS = {
  accounts: { type: 'integer', default: 2, min: 1, about: 'accounts on each node' },
  'max-amount': { type: 'integer', default: 40, min: 1, about: 'the most money of one transfer' },
  reads: { type: 'probability', default: 0.1, about: 'share of reads among the operations' },
} as const satisfies Parameters;

/**
 * Money moves between accounts on different nodes, which must agree on each transfer. Account `n2:1` is node n2's.
 * `transfer`: `{ txn, participants, from, to, amount }` → done; fails when it was aborted. `read`: the names of all
 * accounts → an object with their balances. In the end `log` on each node: null → all its votes and decisions.
 */
export const transfer: Workload = {
  name: 'transfer',
  about: 'transfers between accounts on different nodes, which must commit or abort together',
  parameters: PARAMETERS,
  generator(options) {
    const { functions, nodes } = options;
    const { accounts, 'max-amount': most, reads } = typed(options);
    const readable = functions.includes('read');
    let transfers = 0;
    const draw = (random: RandomStream): Draft => {
      const [a, b] = random.shuffle(nodes);
      const from = `${a}:${random.int(accounts)}`;
      const to = `${b ?? a}:${random.int(accounts)}`;
      const participants = b === undefined ? [a] : [a, b];
      const value = { txn: ++transfers, participants, from, to, amount: random.between(1, most) };
      return { f: 'transfer', value };
    };
    return operations(({ random }) =>
      readable && random.chance(reads) ? { f: 'read', value: allAccounts(options) } : draw(random),
    );
  },
  finale(options) {
    const logs = readEverywhere(options, [{ f: 'log', value: null }]);
    if (!options.functions.includes('read')) return logs;
    // The accounts of nodes must be complete: nothing is voted on after a node has told its log.
    return phases(readEverywhere(options, [{ f: 'read', value: allAccounts(options) }]), logs);
  },
  checkers(options) {
    const property = deadlineFor(options, 'non-blocking') === undefined ? 'termination' : 'non-blocking';
    const termination = deadlineFor(options, property);
    const commits =
      termination === undefined
        ? [atomicCommit()]
        : apart(atomicCommit({ termination }), property, termination);
    const balances = options.functions.includes('read') ? [bank()] : [];
    return [...commits, ...balances, stats()];
  },
};

function typed({ parameters }: WorkloadOptions): ParameterValues<typeof PARAMETERS> {
  return parameters as ParameterValues<typeof PARAMETERS>;
}

function allAccounts(options: WorkloadOptions): string[] {
  const numbers = Array.from({ length: typed(options).accounts }, (_, i) => i);
  return options.nodes.flatMap((node) => numbers.map((i) => `${node}:${i}`));
}
