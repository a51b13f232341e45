import { clockCondition } from '../checkers/clock-condition/clock-condition.ts';
import { stats } from '../checkers/stats.ts';
import { operations } from '../src/generator/operations.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { readEverywhere } from './final-reads.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  sends: { type: 'probability', default: 0.5, about: 'the part of the events that send a message' },
  logs: { type: 'probability', default: 0.01, about: 'the part of the operations that ask for a log so far' },
} as const satisfies Parameters;

/**
 * Events on nodes that have logical clocks. `local`: null → its timestamp. `send`: the node that a message goes to → the
 * timestamp of the sending. `log`: null → the node's events so far, each as `[event, message, timestamp]`. In the end every
 * node gives its log.
 */
export const events: Workload = {
  name: 'events',
  about: 'clients make nodes act and send messages to each other; each event gets a logical timestamp',
  parameters: PARAMETERS,
  generator({ nodes, parameters }) {
    const { sends, logs } = parameters as ParameterValues<typeof PARAMETERS>;
    return operations(({ random }) => {
      const node = random.pick(nodes);
      if (random.chance(logs)) return { f: 'log', value: null, node };
      const others = nodes.filter((other) => other !== node);
      if (others.length > 0 && random.chance(sends)) return { f: 'send', value: random.pick(others), node };
      return { f: 'local', value: null, node };
    });
  },
  finale: (options) => readEverywhere(options, [{ f: 'log', value: null }]),
  checkers: ({ guarantees }) => [
    clockCondition({ strong: guarantees.includes('strong-clock-condition') }),
    stats(),
  ],
};
