import { join } from 'node:path';
import { stringify } from 'yaml';
import { MILLISECOND, SECOND } from '../../../world/nanos.ts';
import type { Cluster, NodeSite, ProcessDeployment } from '../../../world/process-deployment.ts';
import { CLIENT_PORT } from '../etcd/api.ts';
import { ETCD, etcdProcess } from '../etcd/process.ts';
import { type ClientOptions, PostgresClient } from './client.ts';
import { PG } from './connection.ts';
import { answers, BIN, POSTGRES, serverTime, TABLES } from './server.ts';

const REST_PORT = 8008;

/** The lease of the primary, s: Patroni takes no less. */
const TTL = 20;

/** How long the first election may take, s. */
const PATIENCE = 90;

/** On each node PostgreSQL under Patroni, and etcd, in which Patroni holds the primary's lease. */
export function patroniDeployment(options: ClientOptions, synchronous: boolean): ProcessDeployment {
  return {
    requires: [
      POSTGRES,
      { binary: 'patroni', package: 'patroni', version: ['patroni', '--version'] },
      { binary: '/usr/lib/python3/dist-packages/etcd', package: 'python3-etcd' },
      ETCD,
    ],
    npm: [PG],
    nodes: { default: 3, min: 3, max: 7 },
    // The lease of a lost primary runs out, then a standby is promoted, then the old primary is rewound.
    defaults: { timeLimit: 60 * SECOND, settle: 45 * SECOND },
    user: 'postgres',
    startsWithin: PATIENCE * SECOND,
    files: (node, nodes) => ({ 'patroni.yml': stringify(configuration(node, nodes, synchronous)) }),
    processes: (node, nodes) => [
      etcdProcess(node, nodes),
      { name: 'patroni', command: ['patroni', join(node.home, 'patroni.yml')] },
    ],
    bootstrap,
    ready: answers,
    leads: async ({ address }) => (await fetch(`http://${address}:${REST_PORT}/primary`)).ok,
    wallClock: { ask: serverTime, granularity: MILLISECOND },
    newClient: (context) => new PostgresClient(context, options, primaryBy),
  };
}

/** The address of the primary, as Patroni on this node knows it. */
async function primaryBy({ address }: NodeSite): Promise<string> {
  const response = await fetch(`http://${address}:${REST_PORT}/cluster`, {
    signal: AbortSignal.timeout(2_000),
  });
  const { members } = (await response.json()) as { members: { role: string; host?: string }[] };
  const leader = members.find(({ role }) => role === 'leader' || role === 'primary' || role === 'master');
  if (leader?.host === undefined) throw new Error('no primary is known');
  return leader.host;
}

function configuration(node: NodeSite, nodes: readonly NodeSite[], synchronous: boolean): unknown {
  return {
    scope: 'momus',
    name: node.id,
    restapi: { listen: `${node.address}:${REST_PORT}`, connect_address: `${node.address}:${REST_PORT}` },
    etcd3: { hosts: nodes.map(({ address }) => `${address}:${CLIENT_PORT}`) },
    bootstrap: {
      dcs: {
        ttl: TTL,
        loop_wait: 5,
        retry_timeout: 5,
        maximum_lag_on_failover: 1 << 30,
        synchronous_mode: synchronous,
        postgresql: { use_pg_rewind: true, parameters: { wal_log_hints: 'on', max_connections: 200 } },
      },
      initdb: [{ encoding: 'UTF8' }, 'data-checksums'],
    },
    postgresql: {
      listen: `${node.address}:5432`,
      connect_address: `${node.address}:5432`,
      data_dir: join(node.data, 'postgres'),
      bin_dir: BIN,
      pgpass: join(node.home, 'pgpass'),
      authentication: {
        superuser: { username: 'postgres', password: 'momus' },
        replication: { username: 'replicator', password: 'momus' },
      },
      parameters: {
        unix_socket_directories: node.home,
        shared_buffers: '32MB',
        dynamic_shared_memory_type: 'mmap',
      },
      pg_hba: ['local all all trust', 'host all all 0.0.0.0/0 trust', 'host replication all 0.0.0.0/0 trust'],
    },
  };
}

/** Starts everything at once; whoever becomes the primary gets the tables. */
async function bootstrap(cluster: Cluster): Promise<void> {
  const { nodes } = cluster;
  await Promise.all(nodes.map(({ id }) => cluster.start(id)));
  await Promise.all(nodes.map(({ id }) => cluster.ready(id)));
  const create = nodes
    .map(({ address }) => `${BIN}/psql -h ${address} -U postgres -c "${TABLES}"`)
    .join(' || ');
  await cluster.run(nodes[0]!.id, [
    'timeout',
    String(PATIENCE),
    'sh',
    '-c',
    `until ${create}; do sleep 0.5; done`,
  ]);
}
