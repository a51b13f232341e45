import type { Redis } from 'ioredis';
import type { NodeSite } from '../../../world/process-deployment.ts';
import type { Locator } from '../shared/redis/client.ts';
import { askOnce, connect } from '../shared/redis/connection.ts';

/** What the sentinels call the primary and its replicas. */
export const GROUP = 'momus';

export const SENTINEL_PORT = 26379;

/** Asks the sentinel on the node at hand who the primary is, and stays with that one until an error. */
export class SentinelLocator implements Locator {
  private primary: Redis | null = null;

  async locate(node: NodeSite): Promise<Redis> {
    this.primary ??= await connect(await primaryBy(node));
    return this.primary;
  }

  forget(redis: Redis): void {
    redis.disconnect();
    if (this.primary === redis) this.primary = null;
  }

  close(): void {
    this.primary?.disconnect();
    this.primary = null;
  }
}

/** The address of the primary, as the sentinel on this node sees it. */
async function primaryBy(node: NodeSite): Promise<string> {
  const answer = await askOnce(node, SENTINEL_PORT, (sentinel) =>
    sentinel.call('SENTINEL', 'get-master-addr-by-name', GROUP),
  );
  if (!Array.isArray(answer)) throw new Error('no primary is known');
  return String(answer[0]);
}
