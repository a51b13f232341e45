import { broadcast as delivering } from '../checkers/broadcast/broadcast.ts';
import { BROADCAST_LEVELS } from '../checkers/broadcast/levels.ts';
import { stats } from '../checkers/stats.ts';
import { operations } from '../src/generator/operations.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { readEverywhere } from './final-reads.ts';
import { judgedInTime } from './promises.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  logs: {
    type: 'probability',
    default: 0.01,
    about: "share of operations that read a node's log: what a node did that later dies",
  },
} as const satisfies Parameters;

/**
 * Every node broadcasts. `broadcast`: a message, which nobody else ever broadcasts; `log`: null → all that the node has
 * broadcast and delivered, in its own order, as `["broadcast", m]` and `["deliver", m]`. In the end every node's log is read.
 */
export const broadcast: Workload = {
  name: 'broadcast',
  about: 'nodes broadcast unique messages, and tell in the end what each delivered in which order',
  parameters: PARAMETERS,
  generator({ parameters }) {
    const { logs } = parameters as ParameterValues<typeof PARAMETERS>;
    let sent = 0;
    return operations(({ random }) =>
      random.chance(logs) ? { f: 'log', value: null } : { f: 'broadcast', value: ++sent },
    );
  },
  finale: (options) => readEverywhere(options, [{ f: 'log', value: null }]),
  checkers(options) {
    const promised = BROADCAST_LEVELS.filter((level) => options.guarantees.includes(`${level}-broadcast`));
    const judged = promised.flatMap((level) =>
      judgedInTime(options, 'delivery', (deadline) => delivering({ level, deadline })),
    );
    return [...judged, stats()];
  },
};
