import type { System } from '../../../world/system.ts';
import { PARAMETERS } from '../shared/redis/parameters.ts';
import { redisSentinelDeployment } from './deployment.ts';

export const redisSentinel: System = {
  name: 'redis-sentinel',
  about: 'Redis with one primary and asynchronous replicas; sentinels promote another when it is gone',
  lecture: 'real servers',
  how: [
    'The primary answers a write at once and sends it to its replicas later. When a majority of the sentinels agree that the primary can not be reached, they make a replica the primary and tell the others to follow it.',
    'A primary that is cut off from the majority goes on taking writes until the network heals; then it becomes a replica of the new one and throws away what only it had. So acknowledged writes are lost: Redis says so in its own documentation. It is judged as if it promised linearizability, to show how much.',
    'With --param wait=N a write counts as acknowledged once N replicas have it (WAIT), which makes the loss rarer.',
  ],
  sources: [
    'Redis, High availability with Redis Sentinel, redis.io/docs/management/sentinel',
    'Kingsbury, Jepsen: Redis, 2013',
  ],
  assumes: { network: 'fair-loss', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: {
    safety: ['linearizable'],
    liveness: [
      'operations end some seconds after a majority of the sentinels can hear each other and a replica',
    ],
  },
  bugs: {},
  serves: { register: ['read', 'write', 'cas'], set: ['add', 'read'] },
  parameters: PARAMETERS,
  worlds: ['linux'],
  deploy: redisSentinelDeployment,
};
