import { MILLISECOND, SECOND } from '../../../world/nanos.ts';
import type { Cluster, NodeSite, ProcessDeployment } from '../../../world/process-deployment.ts';
import type { DeployOptions } from '../../../world/system.ts';
import { RedisClient } from '../shared/redis/client.ts';
import { IOREDIS, REDIS_PORT } from '../shared/redis/connection.ts';
import type { Settings } from '../shared/redis/parameters.ts';
import { answers, isPrimary, REDIS_SERVER, serverTime } from '../shared/redis/server.ts';
import { ClusterLocator } from './locator.ts';

/** Three primaries, the fewest that Redis takes, with a replica each. */
const FEWEST_NODES = 6;

/** A primary that does not answer for this long is suspected, ms. */
const SUSPECTED_AFTER = 2_000;

/** Keys of the set: enough that every primary has some. */
const SET_PARTS = 12;

export function redisClusterDeployment({ parameters }: DeployOptions): ProcessDeployment {
  const { wait } = parameters as Settings;
  return {
    requires: [
      REDIS_SERVER,
      { binary: 'redis-cli', package: 'redis-tools', version: ['redis-cli', '--version'] },
    ],
    npm: [IOREDIS],
    nodes: { default: FEWEST_NODES, min: FEWEST_NODES, max: 12 },
    defaults: { settle: 20 * SECOND },
    startsWithin: 30 * SECOND,
    processes: (node) => [{ name: 'redis', command: ['redis-server', ...flags(node)] }],
    bootstrap,
    ready: answers,
    leads: isPrimary,
    wallClock: { ask: serverTime, granularity: MILLISECOND },
    newClient: (context) =>
      new RedisClient(context, new ClusterLocator(context.nodes), { wait, parts: SET_PARTS }),
  };
}

function flags({ address, data }: NodeSite): string[] {
  const given = {
    bind: address,
    'protected-mode': 'no',
    port: REDIS_PORT,
    dir: data,
    appendonly: 'yes',
    appendfsync: 'everysec',
    'repl-diskless-sync-delay': 0,
    'cluster-enabled': 'yes',
    'cluster-config-file': 'nodes.conf',
    'cluster-node-timeout': SUSPECTED_AFTER,
  };
  return Object.entries(given).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

/** Joins the empty servers: gives each primary its slots, and each its replica. */
async function bootstrap(cluster: Cluster): Promise<void> {
  const { nodes } = cluster;
  await Promise.all(nodes.map(({ id }) => cluster.start(id)));
  await Promise.all(nodes.map(({ id }) => cluster.ready(id)));
  const [first] = nodes;
  const addresses = nodes.map(({ address }) => `${address}:${REDIS_PORT}`);
  await cluster.run(first!.id, [
    'redis-cli',
    '--cluster',
    'create',
    ...addresses,
    '--cluster-replicas',
    '1',
    '--cluster-yes',
  ]);
}
