import { replicatedText } from '../checkers/replicated/text.ts';
import { stats } from '../checkers/stats.ts';
import { operations } from '../src/generator/operations.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { readEverywhere } from './final-reads.ts';
import { READS, strongEventually } from './replicated.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  reads: READS,
  length: {
    type: 'integer',
    default: 20,
    min: 1,
    about: 'elements that the text has about, once it has grown',
  },
  crowd: {
    type: 'probability',
    default: 0.5,
    about: 'how often a client works at the beginning of the text, where it meets others',
  },
} as const satisfies Parameters;

/** So many places are the beginning. */
const BEGINNING = 3;

/**
 * A text of unique elements. `insert`: `{ element, at }`, the place counted from 0, behind the last if that is too far;
 * `delete`: `{ at }`, completes also with the `element`, fails with `empty` where there is nothing; `read`. Every completion
 * shows the `state` of the replica. Completions: see `replicatedObject`.
 */
export const text: Workload = {
  name: 'text',
  about: 'clients insert elements into a text that replicas edit together, delete and read them',
  parameters: PARAMETERS,
  generator({ parameters }) {
    const { reads, length, crowd } = parameters as ParameterValues<typeof PARAMETERS>;
    let inserted = 0;
    /** As it was last seen, somewhere. */
    let seen = 0;
    const ops = operations(({ random }) => {
      if (random.chance(reads)) return { f: 'read', value: null };
      const at = random.int((random.chance(crowd) ? BEGINNING : seen) + 1);
      // Of a text of this length as much is deleted as inserted.
      if (random.chance(seen / (2 * length))) return { f: 'delete', value: { at } };
      return { f: 'insert', value: { element: ++inserted, at } };
    });
    return {
      next: ops.next,
      observe({ process, type, value }) {
        if (process !== 'nemesis' && type === 'ok')
          seen = (value as { state: readonly unknown[] }).state.length;
      },
    };
  },
  finale: (options) => readEverywhere(options, [{ f: 'read', value: null }]),
  checkers: (options) => [
    ...strongEventually(options),
    replicatedText({ level: options.guarantees.includes('strong-list') ? 'strong' : 'weak' }),
    stats(),
  ],
};
