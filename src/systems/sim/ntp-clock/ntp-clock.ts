import type { System } from '../../../world/system.ts';
import { requestClient } from '../shared/request-client.ts';
import { TimeClient } from './client-node.ts';
import { TimeServer } from './server.ts';
import { PARAMETERS, type Settings } from './settings.ts';

/** Physical time, from a server. */
export const ntpClock: System = {
  name: 'ntp-clock',
  about:
    'clients of a time server, as in NTP: each corrects its clock and knows how wrong it may be; n1 is the server',
  lecture: 'time',
  how: [
    'A client notes when it asks (t1), the server when it gets the question (t2) and when it answers (t3), the client when it has the answer (t4). The client is behind by θ = ((t2 - t1) + (t3 - t4)) / 2, if both ways took the same time. They took δ = (t4 - t1) - (t3 - t2) together; if all of that was one way, θ is wrong by δ / 2. That is the error bound; it grows by the worst drift of an oscillator, 200 ppm, until a better answer comes.',
    'An offset below 125 ms is slewed away: the clock runs 500 ppm fast or slow until it is gone, and never goes back. From 125 ms on it is stepped away at once. An offset above 1000 s is too strange to be corrected: the client panics, and answers no more.',
    'How long something took is never measured by such a clock, which may be stepped meanwhile, but by the monotonic one.',
  ],
  sources: [
    'Mills, Internet Time Synchronization: The Network Time Protocol, IEEE Transactions on Communications 1991',
    'Mills, Martin, Burbank and Kasch, Network Time Protocol Version 4, RFC 5905, 2010',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'partially-synchronous' },
  guarantees: {
    safety: ['clock-bound'],
    liveness: [
      { property: 'progress', given: 'a node is up' },
      {
        property: 'synchronization',
        given: 'a client gets answers: to half a round trip and what the server is wrong itself',
        tolerates: 0,
      },
    ],
  },
  bugs: {
    'asymmetry-ignored': {
      about: 'the error bound leaves out half of the round trip, as if both ways always took the same time',
      workload: 'clock',
      nemeses: ['packet:kinds=delay,delay=400ms,targets=all', 'kill:interval=500ms,duration=100ms'],
    },
    'elapsed-by-wall-clock': {
      about:
        'elapsed time is measured by the corrected clock: a step while it is measured makes it wrong, or negative',
      workload: 'clock',
      nemeses: ['kill:interval=500ms,duration=100ms', 'packet:kinds=loss,loss=0.7,targets=all'],
    },
    'steps-small-offsets': {
      about:
        'an offset is stepped away where it should be slewed: the clock goes back for a few milliseconds',
      workload: 'clock',
      nemeses: ['kill:interval=500ms,duration=100ms', 'packet:kinds=loss,loss=0.7,targets=all'],
    },
  },
  serves: { clock: ['read', 'elapsed'] },
  parameters: PARAMETERS,
  deploy({ bugs, parameters }) {
    const settings = parameters as Settings;
    return {
      program(context) {
        const [server] = [context.id, ...context.peers].sort();
        if (context.id === server) return new TimeServer(context, settings);
        return new TimeClient(context, server!, settings, bugs);
      },
      client: requestClient,
    };
  },
};
