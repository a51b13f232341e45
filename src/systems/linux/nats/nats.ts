import type { System } from '../../../world/system.ts';
import { natsDeployment, PARAMETERS, type Settings } from './deployment.ts';

export const nats: System = {
  name: 'nats',
  about: 'NATS JetStream: a stream of messages, replicated on every server by Raft',
  lecture: 'real servers',
  how: [
    'A message that is published to a stream is acknowledged once a majority of the servers have it in their logs.',
    'A register is the last message of a subject, as in a key-value bucket; a compare-and-set publishes only if the last message of the subject is still the one that was read. Before version 2.9.21 only the leader compares, before it proposes the message to the others, so that two at a time may both succeed. An element of the set is a message with a subject of its own.',
    'The queue is a stream of its own whose messages are gone once somebody acknowledged them. Whoever takes one and does not say so within two seconds loses it to another, so a message may come twice.',
    'Reads go to the leader of the stream, which answers from what it has and asks nobody whether it still leads. So what it says may be old while it is cut off. That is judged as if it were linearizable, to show what is given away; with --param judged-as=eventual only what is lost in the end counts.',
  ],
  sources: [
    'nats-server, issue 4320: Serializability of Expected-Last-Subject-Sequence is not guaranteed in clustered stream, 2023',
    'NATS, JetStream clustering, docs.nats.io/running-a-nats-service/configuration/clustering/jetstream_clustering',
    'Kingsbury, Jepsen: NATS 2.12.1, 2025',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['linearizable'],
    liveness: [
      'operations end while a majority can hear each other, some ten seconds after a leader is lost',
    ],
  },
  promises: (parameters, workload) =>
    workload === 'queue' ? ['eventual'] : [(parameters as Settings)['judged-as']],
  bugs: {},
  serves: { register: ['read', 'write', 'cas'], set: ['add', 'read'], queue: ['enqueue', 'dequeue'] },
  parameters: PARAMETERS,
  worlds: ['linux'],
  deploy: natsDeployment,
};
