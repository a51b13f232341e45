import { MILLISECOND, type Nanos } from '../../../world/nanos.ts';
import type { System } from '../../../world/system.ts';
import { requestClient } from '../shared/request-client.ts';
import { CollabNode } from './program.ts';

/** A text that replicas edit at once, through a server that transforms their operations. */
export const collabText: System = {
  name: 'collab-text',
  about: 'collaborative text by operational transformation through a server, as in Jupiter and Google Docs',
  lecture: 'case studies',
  how: [
    'An edit names a place in the text that its author saw, and takes effect there at once. The server (the first node) puts all edits in one order; one whose author had not seen others before it is transformed, so that it does after them what it would have done instead.',
    'A replica does the same with the edits that come from the server and its own that the server has not placed yet. Both sides come to the same text if transformation closes the diamond: a, then b past a, is the same as b, then a past b. Two inserts at one place need a rule that both sides know: here the lesser author goes first.',
    'Beside rga: places instead of names, no tombstones, but a server that all edits must pass through. And a weaker promise: two elements that are never seen together may stand in an order that a third contradicts.',
  ],
  sources: [
    'Ellis and Gibbs, Concurrency Control in Groupware Systems, SIGMOD 1989',
    'Nichols, Curtis, Dixon and Lamping, High-Latency, Low-Bandwidth Windowing in the Jupiter Collaboration System, UIST 1995',
    'Wei, Huang and Lu, Specification and Implementation of Replicated List: The Jupiter Protocol Revisited, OPODIS 2018',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['strong-eventual', 'weak-list'],
    liveness: [
      { property: 'progress', given: 'a node is up' },
      { property: 'delivery', given: 'replicas hear the server', tolerates: 0 },
    ],
  },
  bugs: {
    'insert-ties': {
      about:
        'of two inserts at the same place neither moves for the other: each replica has its own first, and the texts drift apart',
      workload: 'text',
      nemeses: ['packet'],
    },
    'no-dedupe': {
      about:
        'the server takes an edit that is sent again, because the answer was lost, for a new one: it is done twice',
      workload: 'text',
      nemeses: ['packet'],
    },
  },
  serves: { text: ['insert', 'delete', 'read'] },
  parameters: {
    sync: {
      type: 'duration',
      default: 100 * MILLISECOND,
      about: 'mean time between two times that a replica asks the server what is new',
    },
  },
  deploy({ bugs, parameters }) {
    const sync = parameters.sync as Nanos;
    return { program: (context) => new CollabNode(context, { bugs, sync }), client: requestClient };
  },
};
