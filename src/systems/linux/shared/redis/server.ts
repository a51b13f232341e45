import type { Nanos } from '../../../../world/nanos.ts';
import type { NodeSite, ServerBinary } from '../../../../world/process-deployment.ts';
import { askOnce, REDIS_PORT } from './connection.ts';

export const REDIS_SERVER: ServerBinary = {
  binary: 'redis-server',
  package: 'redis-server',
  version: ['redis-server', '--version'],
};

/** Whether a server answers. */
export function answers(node: NodeSite): Promise<boolean> {
  return askOnce(node, REDIS_PORT, async (redis) => (await redis.ping()) === 'PONG');
}

/** Whether a server takes writes. */
export function isPrimary(node: NodeSite): Promise<boolean> {
  return askOnce(node, REDIS_PORT, async (redis) => ((await redis.role()) as unknown[])[0] === 'master');
}

/** What a server says the time is. */
export function serverTime(node: NodeSite): Promise<Nanos> {
  return askOnce(node, REDIS_PORT, async (redis) => {
    const [seconds, micros] = (await redis.time()).map(Number);
    return seconds! * 1e9 + micros! * 1e3;
  });
}
