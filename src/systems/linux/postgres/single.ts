import { join } from 'node:path';
import { MILLISECOND, SECOND } from '../../../world/nanos.ts';
import type { Cluster, NodeSite, ProcessDeployment } from '../../../world/process-deployment.ts';
import { type ClientOptions, PostgresClient } from './client.ts';
import { PG } from './connection.ts';
import { answers, BIN, POSTGRES, serverTime, TABLES } from './server.ts';

/** One PostgreSQL server. */
export function singleDeployment(options: ClientOptions): ProcessDeployment {
  return {
    requires: [POSTGRES],
    npm: [PG],
    nodes: { default: 1, min: 1, max: 1 },
    user: 'postgres',
    startsWithin: 60 * SECOND,
    files: () => ({ 'pg_hba.conf': 'local all all trust\nhost all all 0.0.0.0/0 trust\n' }),
    processes: (node) => [{ name: 'postgres', command: [`${BIN}/postgres`, ...flags(node)] }],
    bootstrap,
    ready: answers,
    leads: answers,
    wallClock: { ask: serverTime, granularity: MILLISECOND },
    newClient: (context) => new PostgresClient(context, options, async ({ address }) => address),
  };
}

function folderOf({ data }: NodeSite): string {
  return join(data, 'postgres');
}

function flags(node: NodeSite): string[] {
  const settings = {
    listen_addresses: node.address,
    unix_socket_directories: node.home,
    hba_file: join(node.home, 'pg_hba.conf'),
    // A few megabytes do for tests, and many servers fit on one machine.
    shared_buffers: '32MB',
    // Files of its own folder: segments in /dev/shm would outlive a killed server.
    dynamic_shared_memory_type: 'mmap',
    max_connections: '200',
  };
  return [
    '-D',
    folderOf(node),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

async function bootstrap(cluster: Cluster): Promise<void> {
  for (const node of cluster.nodes) {
    await cluster.run(node.id, [`${BIN}/initdb`, '-D', folderOf(node), '-U', 'postgres', '--auth=trust']);
    await cluster.start(node.id);
    await cluster.ready(node.id);
    await cluster.run(node.id, [`${BIN}/psql`, '-h', node.address, '-U', 'postgres', '-c', TABLES]);
  }
}
