import type { System } from '../../../world/system.ts';
import { PARAMETERS, rabbitmqDeployment } from './deployment.ts';

export const rabbitmq: System = {
  name: 'rabbitmq',
  about: 'the message broker: a queue that Raft replicates, or a classic one, mirrored or not',
  lecture: 'real servers',
  how: [
    'By default the queue is a quorum queue: a log that Raft replicates. An enqueue is confirmed once a majority of the replicas have the message.',
    'A dequeue takes the message at the head and acknowledges it. Until then the broker keeps it, and gives it to another if the connection breaks; so a message may come twice, but one that was confirmed is not lost.',
    'With --param queue=classic the queue is on the first server alone, and out of reach while that is dead. With queue=mirrored each server has a copy, and one of them leads; an enqueue is confirmed once all copies have it. A server that comes back gets what is enqueued from then on, and nothing from before; should the last copy that has everything die, one that has not leads. Either is judged as if it lost nothing, as its documentation has it of confirmed messages.',
    'A server that sees only a minority of the others stops its work until it sees a majority again (pause_minority).',
  ],
  sources: [
    'RabbitMQ, Quorum Queues, rabbitmq.com/docs/quorum-queues',
    'RabbitMQ 3.10, Classic Queue Mirroring, rabbitmq.com/ha.html (gone in RabbitMQ 4)',
    'Kingsbury, Jepsen: RabbitMQ, 2014',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['eventual'],
    liveness: [
      'operations end while a majority can hear each other, some ten seconds after a leader is lost; those on a classic queue without mirrors only if its server is among them',
    ],
  },
  bugs: {},
  serves: { queue: ['enqueue', 'dequeue'] },
  parameters: PARAMETERS,
  worlds: ['linux'],
  deploy: rabbitmqDeployment,
};
