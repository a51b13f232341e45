import type { System } from '../../../world/system.ts';
import { EventLogProgram } from '../shared/event-log.ts';
import { requestClient } from '../shared/request-client.ts';
import { LamportClock } from './clock.ts';

/** Logical time in one number. */
export const lamportClock: System = {
  name: 'lamport-clock',
  about:
    'Lamport clocks: a counter on each node that gives every event a number, greater than those of its causes',
  lecture: 'time',
  how: [
    'A node increments its counter at each event. A message carries the number of its sending; who receives it first sets its counter to that if it is greater, and then increments it.',
    'So an event that leads to another has the smaller number: along the events of one node the counter grows, and from a sending to its receipt too. The converse does not hold: a smaller number may belong to an event that led nowhere near.',
  ],
  sources: ['Lamport, Time, Clocks, and the Ordering of Events in a Distributed System, CACM 1978'],
  assumes: { network: 'reliable', nodes: 'crash-stop', timing: 'asynchronous' },
  guarantees: { safety: ['clock-condition'], liveness: [{ property: 'progress', given: 'a node is up' }] },
  bugs: {
    'no-increment-on-receive': {
      about:
        'a receipt does not increment the counter: it may get the number of the sending, or of the event before',
      workload: 'events',
      nemeses: ['pause'],
    },
    'missing-max': {
      about:
        'a receipt increments the counter without regard to the number in the message, which may be greater',
      workload: 'events',
      nemeses: ['pause'],
    },
  },
  serves: { events: ['local', 'send', 'log'] },
  parameters: {},
  deploy: ({ bugs }) => ({
    program: (context) => new EventLogProgram(context, new LamportClock(bugs)),
    client: requestClient,
  }),
};
