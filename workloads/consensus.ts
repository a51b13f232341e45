import { consensus as agreeing } from '../checkers/consensus.ts';
import { apart } from '../checkers/deadline.ts';
import { stats } from '../checkers/stats.ts';
import type { Key } from '../histories/op.ts';
import { concurrentKeys } from '../src/generator/concurrent-keys.ts';
import type { Generator } from '../src/generator/generator.ts';
import { limit } from '../src/generator/limits.ts';
import { operations } from '../src/generator/operations.ts';
import type { AnyParameterValues, Parameters, ParameterValues } from '../src/world/parameters.ts';
import { readEverywhere } from './final-reads.ts';
import { deadlineFor } from './promises.ts';
import type { Workload, WorkloadOptions } from './workload.ts';

const PARAMETERS = {
  proposals: {
    type: 'integer',
    default: 8,
    min: 1,
    about: 'proposals for a key before the next takes its place',
  },
  proposers: {
    type: 'integer',
    default: 5,
    min: 1,
    about: 'clients that propose for the same key at a time',
  },
} as const satisfies Parameters;

/**
 * One decision for each key, which several clients propose values for; no value is proposed twice. `propose`: the value
 * → the decided value, its own or another. In the end every node is asked for each decision, by a proposal that comes too
 * late: by then it must answer, so termination is demanded too.
 */
export const consensus: Workload = {
  name: 'consensus',
  about: 'clients propose unique values for each of many keys, one of which must be decided',
  parameters: PARAMETERS,
  generator({ parameters }) {
    const { proposals, proposers } = typed(parameters);
    let proposed = 0;
    const propose = () => operations(() => ({ f: 'propose', value: ++proposed }));
    return concurrentKeys(proposers, keys(), () => limit(proposals, propose()));
  },
  finale: askEveryNode,
  checkers(options) {
    const termination = deadlineFor(options, 'termination');
    if (termination === undefined) return [agreeing(), stats()];
    return [...apart(agreeing({ termination }), 'termination', termination), stats()];
  },
};

function typed(parameters: AnyParameterValues): ParameterValues<typeof PARAMETERS> {
  return parameters as ParameterValues<typeof PARAMETERS>;
}

function* keys(): Iterable<Key> {
  for (let i = 0; ; i++) yield `x${i}`;
}

/** Proposes a last value for each key that the run has touched, on every node: each must answer with the decision. */
function askEveryNode(options: WorkloadOptions): Generator {
  const touched = new Set<Key>();
  let asking: Generator | undefined;
  return {
    next(context) {
      asking ??= readEverywhere(
        options,
        [...touched].map((key) => ({ f: 'propose', key, value: `last-${key}` })),
      );
      return asking.next(context);
    },
    observe(event, context) {
      if (asking !== undefined) asking.observe?.(event, context);
      else if (event.key !== undefined) touched.add(event.key);
    },
  };
}
