import type { System } from '../../../world/system.ts';
import { PARAMETERS } from '../shared/redis/parameters.ts';
import { redisClusterDeployment } from './deployment.ts';

export const redisCluster: System = {
  name: 'redis-cluster',
  about: 'Redis with its keys spread over several primaries, each with an asynchronous replica',
  lecture: 'real servers',
  how: [
    'Each key belongs to one of 16,384 slots, each slot to one primary. A primary answers a write at once and sends it to its replica later. When a majority of the primaries agree that one of them is gone, its replica takes its place.',
    'What a primary had acknowledged and not yet sent on is lost then, as are the writes that a primary takes after it was cut off and before it notices. Redis says so in its own documentation. It is judged as if it promised linearizability, to show how much.',
    'With --param wait=N a write counts as acknowledged once N replicas have it (WAIT), which makes the loss rarer.',
  ],
  sources: [
    'Redis, Cluster specification, redis.io/docs/reference/cluster-spec',
    'Kingsbury, Jepsen: Redis, 2013',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['linearizable'],
    liveness: [
      'operations end some seconds after each slot has a primary, or a replica, that a majority can hear',
    ],
  },
  bugs: {},
  serves: { register: ['read', 'write', 'cas'], set: ['add', 'read'] },
  parameters: PARAMETERS,
  worlds: ['linux'],
  deploy: redisClusterDeployment,
};
