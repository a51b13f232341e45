import type { Cluster, NodeSite } from '../../../world/process-deployment.ts';
import { REDIS_PORT } from '../shared/redis/connection.ts';
import { GROUP, SENTINEL_PORT } from './locator.ts';

/** A primary that does not answer for this long is suspected, ms. */
const SUSPECTED_AFTER = 2_000;

/** How long the servers may take to know each other, s. */
const PATIENCE = 20;

/**
 * Sets the sentinels to watch once the replicas follow: a sentinel looks for replicas at once and then every ten seconds
 * only, and one that knows of none can promote none.
 */
export async function watchTogether(cluster: Cluster): Promise<void> {
  const { nodes } = cluster;
  await Promise.all(nodes.map(({ id }) => cluster.start(id)));
  await Promise.all(nodes.map(({ id }) => cluster.ready(id)));
  const primary = nodes[0]!;
  const others = String(nodes.length - 1);
  await until(
    cluster,
    primary,
    `${ask(primary, REDIS_PORT)} INFO replication | grep -q "connected_slaves:${others}"`,
  );
  for (const node of nodes) await cluster.run(node.id, ['sh', '-c', watch(node, primary, nodes.length)]);
  for (const node of nodes) {
    for (const known of ['num-slaves', 'num-other-sentinels']) {
      await until(
        cluster,
        node,
        `${ask(node, SENTINEL_PORT)} SENTINEL MASTER ${GROUP} | grep -A 1 ${known} | grep -q "^${others}$"`,
      );
    }
  }
}

function watch(node: NodeSite, primary: NodeSite, nodes: number): string {
  const majority = Math.floor(nodes / 2) + 1;
  const sentinel = `${ask(node, SENTINEL_PORT)} SENTINEL`;
  const settings = {
    'down-after-milliseconds': SUSPECTED_AFTER,
    'failover-timeout': 5 * SUSPECTED_AFTER,
    'parallel-syncs': nodes,
  };
  return [
    `${sentinel} MONITOR ${GROUP} ${primary.address} ${REDIS_PORT} ${majority}`,
    ...Object.entries(settings).map(([name, value]) => `${sentinel} SET ${GROUP} ${name} ${value}`),
  ].join(' && ');
}

function ask({ address }: NodeSite, port: number): string {
  return `redis-cli -h ${address} -p ${port}`;
}

async function until(cluster: Cluster, { id }: NodeSite, condition: string): Promise<void> {
  await cluster.run(id, ['timeout', String(PATIENCE), 'sh', '-c', `until ${condition}; do sleep 0.1; done`]);
}
