import type { Redis } from 'ioredis';
import type { NodeSite } from '../../../world/process-deployment.ts';
import type { Locator } from '../shared/redis/client.ts';
import { connect } from '../shared/redis/connection.ts';

/** One row of `CLUSTER SLOTS`: the slots from the first to the second, their primary, its replicas. */
type SlotRow = readonly [
  from: number,
  to: number,
  primary: readonly [address: string, port: number],
  ...unknown[],
];

/** Asks the node at hand which server has which slots, and asks anew after each error. */
export class ClusterLocator implements Locator {
  private readonly nodes: readonly NodeSite[];
  private readonly connections = new Map<string, Redis>();
  private rows: readonly SlotRow[] | null = null;

  constructor(nodes: readonly NodeSite[]) {
    this.nodes = nodes;
  }

  async locate(node: NodeSite, key: string): Promise<Redis> {
    const home = await this.connection(node.address);
    this.rows ??= (await home.cluster('SLOTS')) as unknown as readonly SlotRow[];
    const slot = Number(await home.cluster('KEYSLOT', key));
    const row = this.rows.find(([from, to]) => from <= slot && slot <= to);
    if (row === undefined) throw new Error('no primary is known');
    const address = row[2][0];
    // A node that does not know itself yet gives no address.
    return this.connection(this.nodes.some((each) => each.address === address) ? address : node.address);
  }

  forget(redis: Redis): void {
    redis.disconnect();
    this.rows = null;
    for (const [address, connection] of this.connections) {
      if (connection === redis || connection.status === 'end') this.connections.delete(address);
    }
  }

  close(): void {
    for (const connection of this.connections.values()) connection.disconnect();
    this.connections.clear();
  }

  private async connection(address: string): Promise<Redis> {
    const open = this.connections.get(address);
    if (open !== undefined && open.status === 'ready') return open;
    open?.disconnect();
    const fresh = await connect(address);
    this.connections.set(address, fresh);
    return fresh;
  }
}
