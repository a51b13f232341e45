import { join } from 'node:path';
import { MILLISECOND, SECOND } from '../../../world/nanos.ts';
import type { NodeSite, ProcessDeployment } from '../../../world/process-deployment.ts';
import type { DeployOptions } from '../../../world/system.ts';
import { RedisClient } from '../shared/redis/client.ts';
import { IOREDIS, REDIS_PORT } from '../shared/redis/connection.ts';
import type { Settings } from '../shared/redis/parameters.ts';
import { answers, isPrimary, REDIS_SERVER, serverTime } from '../shared/redis/server.ts';
import { watchTogether } from './bootstrap.ts';
import { SENTINEL_PORT, SentinelLocator } from './locator.ts';

export function redisSentinelDeployment({ parameters }: DeployOptions): ProcessDeployment {
  const { wait } = parameters as Settings;
  return {
    requires: [
      REDIS_SERVER,
      { binary: 'redis-cli', package: 'redis-tools', version: ['redis-cli', '--version'] },
      { binary: 'redis-sentinel', package: 'redis-sentinel', version: ['redis-sentinel', '--version'] },
    ],
    npm: [IOREDIS],
    nodes: { default: 3, min: 3, max: 9 },
    // A fail-over takes some seconds, the way back of the old primary some more.
    defaults: { settle: 20 * SECOND },
    startsWithin: 20 * SECOND,
    // Both programs rewrite their own file when the roles change.
    files: (node, nodes) => ({
      'redis.conf': redisConfiguration(node, nodes[0]!),
      'sentinel.conf': sentinelConfiguration(node),
    }),
    processes: ({ home }) => [
      { name: 'redis', command: ['redis-server', join(home, 'redis.conf')] },
      { name: 'sentinel', command: ['redis-sentinel', join(home, 'sentinel.conf')] },
    ],
    bootstrap: watchTogether,
    ready: answers,
    leads: isPrimary,
    wallClock: { ask: serverTime, granularity: MILLISECOND },
    newClient: (context) => new RedisClient(context, new SentinelLocator(), { wait, parts: 1 }),
  };
}

function redisConfiguration({ address, data }: NodeSite, primary: NodeSite): string {
  const settings = [
    `bind ${address}`,
    'protected-mode no',
    `port ${REDIS_PORT}`,
    `dir ${data}`,
    'appendonly yes',
    'appendfsync everysec',
    'repl-diskless-sync-delay 0',
    'repl-timeout 10',
    ...(address === primary.address ? [] : [`replicaof ${primary.address} ${REDIS_PORT}`]),
  ];
  return `${settings.join('\n')}\n`;
}

function sentinelConfiguration({ address, home }: NodeSite): string {
  return `${[`bind ${address}`, 'protected-mode no', `port ${SENTINEL_PORT}`, `dir ${home}`].join('\n')}\n`;
}
