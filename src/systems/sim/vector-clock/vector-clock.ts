import type { System } from '../../../world/system.ts';
import { EventLogProgram } from '../shared/event-log.ts';
import { requestClient } from '../shared/request-client.ts';
import { VectorClock } from './clock.ts';

/** Logical time that tells causes from coincidence. */
export const vectorClock: System = {
  name: 'vector-clock',
  about: 'vector clocks: timestamps that tell of any two events which led to the other, or that neither did',
  lecture: 'time',
  how: [
    'A node counts its own events, and keeps for every other node how many of its events it knows of. A message carries these counts; who receives it takes the greater of both, entry by entry, and counts the receipt as an event of its own.',
    'A timestamp is the smaller one if no entry is greater and one is less. That is so exactly if the event led to the other: only over messages does one node learn of the counts of another.',
  ],
  sources: [
    'Mattern, Virtual Time and Global States of Distributed Systems, 1989',
    'Fidge, Timestamps in Message-Passing Systems That Preserve the Partial Ordering, 1988',
  ],
  assumes: { network: 'reliable', nodes: 'crash-stop', timing: 'asynchronous' },
  guarantees: {
    safety: ['strong-clock-condition'],
    liveness: [{ property: 'progress', given: 'a node is up' }],
  },
  bugs: {
    'own-entry-not-incremented': {
      about: 'a receipt merges the counts and does not count itself: it is no later than what it follows',
      workload: 'events',
      nemeses: ['pause'],
    },
    'merge-overwrites': {
      about:
        "a receipt takes the sender's counts over its own, also where its own are greater: it forgets causes",
      workload: 'events',
      nemeses: ['pause'],
    },
  },
  serves: { events: ['local', 'send', 'log'] },
  parameters: {},
  deploy: ({ bugs }) => ({
    program(context) {
      const nodes = [context.id, ...context.peers].sort();
      return new EventLogProgram(context, new VectorClock(nodes.indexOf(context.id), nodes.length, bugs));
    },
    client: requestClient,
  }),
};
