import type { Redis } from 'ioredis';
import type { NodeSite, NpmPackage } from '../../../../world/process-deployment.ts';

export const IOREDIS: NpmPackage = { name: 'ioredis', version: '6.0.0' };

export const REDIS_PORT = 6379;

/** How long a connection may take to come about (ms): within one network, an age. */
const CONNECT_TIMEOUT = 2_000;

/**
 * An open connection to one server, which does nothing by itself: no retries, no reconnection, no queue, so that every
 * error is that of the operation it befell.
 */
export async function connect(address: string, port = REDIS_PORT): Promise<Redis> {
  const { Redis } = await import('ioredis');
  const redis = new Redis({
    host: address,
    port,
    protocol: 2,
    lazyConnect: true,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
    disableClientInfo: true,
    connectTimeout: CONNECT_TIMEOUT,
  });
  // Each command reports its error itself.
  redis.on('error', () => {});
  await redis.connect();
  return redis;
}

/** Asks a server one thing, on a connection of its own. */
export async function askOnce<T>(
  node: NodeSite,
  port: number,
  ask: (redis: Redis) => Promise<T>,
): Promise<T> {
  const redis = await connect(node.address, port);
  try {
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}
