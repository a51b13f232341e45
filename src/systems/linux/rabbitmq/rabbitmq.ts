import type { System } from '../../../world/system.ts';
import { rabbitmqDeployment } from './deployment.ts';

export const rabbitmq: System = {
  name: 'rabbitmq',
  about: 'the message broker: a quorum queue, replicated on every server by Raft',
  lecture: 'real servers',
  how: [
    'A quorum queue is a log that Raft replicates. An enqueue is confirmed once a majority of the replicas have the message.',
    'A dequeue takes the message at the head and acknowledges it. Until then the broker keeps it, and gives it to another if the connection breaks; so a message may come twice, but one that was confirmed is not lost.',
    'A server that sees only a minority of the others stops its work until it sees a majority again (pause_minority).',
  ],
  sources: ['RabbitMQ, Quorum Queues, rabbitmq.com/docs/quorum-queues', 'Kingsbury, Jepsen: RabbitMQ, 2014'],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['eventual'],
    liveness: [
      'operations end while a majority can hear each other, some ten seconds after a leader is lost',
    ],
  },
  bugs: {},
  serves: { queue: ['enqueue', 'dequeue'] },
  parameters: {},
  worlds: ['linux'],
  deploy: rabbitmqDeployment,
};
