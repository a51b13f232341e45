import { linearizable } from '../checkers/linearizable/linearizable.ts';
import { stats } from '../checkers/stats.ts';
import { totalQueue } from '../checkers/total-queue.ts';
import type { Generator } from '../src/generator/generator.ts';
import { timeLimit } from '../src/generator/limits.ts';
import { operations, repeat } from '../src/generator/operations.ts';
import { delay } from '../src/generator/pace.ts';
import { MILLISECOND } from '../src/world/nanos.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { FINALE_BOUND, persistent } from './final-reads.ts';
import { promisesLinearizability } from './promises.ts';
import type { Workload } from './workload.ts';

const PARAMETERS = {
  enqueues: { type: 'probability', default: 0.5, about: 'share of enqueues among the operations' },
} as const satisfies Parameters;

/**
 * One queue (Jepsen's `queue`). `enqueue`: an element, which nobody else ever enqueues; `dequeue`: null → the element at the
 * head, fails with `empty` where there is none; `drain`, where it is served: null → the array of all elements that are
 * left. In the end the queue is emptied.
 */
export const queue: Workload = {
  name: 'queue',
  about: 'enqueues unique elements and dequeues them, in the end all that are left',
  parameters: PARAMETERS,
  generator({ parameters }) {
    const { enqueues } = parameters as ParameterValues<typeof PARAMETERS>;
    let enqueued = 0;
    return operations(({ random }) =>
      random.chance(enqueues) ? { f: 'enqueue', value: ++enqueued } : { f: 'dequeue', value: null },
    );
  },
  finale: ({ functions }) =>
    functions.includes('drain') ? persistent({ f: 'drain', value: null }) : dequeueAll(),
  checkers(options) {
    const inOrder = promisesLinearizability(options.guarantees);
    if (!inOrder) return [totalQueue(), stats()];
    return [linearizable({ model: 'queue' }), totalQueue({ duplicates: false }), stats()];
  },
};

/** Between the last dequeues, so that a system that is down isn't asked without end at one instant. */
const BETWEEN_DEQUEUES = 10 * MILLISECOND;

/** Dequeues until one finds nothing. */
function dequeueAll(): Generator {
  const dequeues = delay(BETWEEN_DEQUEUES, repeat({ f: 'dequeue', value: null }));
  let begun = false;
  let empty = false;
  return timeLimit(FINALE_BOUND, {
    next(context) {
      begun = true;
      return empty ? 'done' : dequeues.next(context);
    },
    observe({ type, value, error }) {
      if (begun && ((type === 'ok' && value === null) || (type === 'fail' && error === 'empty')))
        empty = true;
    },
  });
}
