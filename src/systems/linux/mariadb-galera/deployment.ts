import { join } from 'node:path';
import { MILLISECOND, type Nanos, SECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import type {
  Cluster,
  NodeSite,
  ProcessDeployment,
  StartOptions,
} from '../../../world/process-deployment.ts';
import type { DeployOptions } from '../../../world/system.ts';
import { GaleraClient } from './client.ts';
import { CLIENT_PORT, connect, DATABASE, MARIADB } from './connection.ts';
import { TABLES } from './operations.ts';

const JUDGED = ['snapshot-isolation', 'strict-serializable', 'read-committed'] as const;

export const PARAMETERS = {
  isolation: {
    type: 'choice',
    of: ['repeatable-read', 'read-committed', 'serializable'],
    default: 'repeatable-read',
    about: 'isolation level of every transaction; the servers know it only within themselves',
  },
  'sync-wait': {
    type: 'boolean',
    default: false,
    about: 'whether a statement first waits until its server has everything (wsrep_sync_wait)',
  },
  'judged-as': {
    type: 'choice',
    of: JUDGED,
    default: 'snapshot-isolation',
    about: 'what the run is judged by; strict-serializable forbids stale reads too',
  },
} as const satisfies Parameters;

export type Settings = ParameterValues<typeof PARAMETERS> & { readonly 'judged-as': (typeof JUDGED)[number] };

const GALERA = '/usr/lib/galera';

export function galeraDeployment({ workload, parameters }: DeployOptions): ProcessDeployment {
  const settings = parameters as Settings;
  return {
    requires: [
      { binary: 'mariadbd', package: 'mariadb-server', version: ['mariadbd', '--version'] },
      { binary: 'mariadb-install-db', package: 'mariadb-server' },
      { binary: '/usr/bin/wsrep_sst_rsync', package: 'mariadb-server' },
      { binary: GALERA, package: 'galera-4' },
      { binary: 'rsync', package: 'rsync', version: ['rsync', '--version'] },
    ],
    npm: [MARIADB],
    nodes: { default: 3, min: 3, max: 7 },
    // A server is suspected after 5 s, and one that comes back gets what it missed.
    defaults: { settle: 30 * SECOND },
    user: 'mysql',
    startsWithin: 120 * SECOND,
    processes: (node, nodes, start) => [
      { name: 'mariadb', command: ['mariadbd', ...flags(node, nodes, start)] },
    ],
    bootstrap,
    recover,
    ready: isPrepared,
    wallClock: { ask: serverTime, granularity: MILLISECOND },
    newClient: (context) => new GaleraClient(context, { settings, workload }),
  };
}

function folderOf({ data }: NodeSite): string {
  return join(data, 'mariadb');
}

function flags(node: NodeSite, nodes: readonly NodeSite[], { bootstrap }: StartOptions): string[] {
  const settings = {
    datadir: folderOf(node),
    socket: join(node.home, 'mariadb.sock'),
    'pid-file': join(node.home, 'mariadb.pid'),
    'bind-address': node.address,
    port: CLIENT_PORT,
    'binlog-format': 'ROW',
    'innodb-autoinc-lock-mode': 2,
    'innodb-flush-log-at-trx-commit': 1,
    // A few megabytes do for tests, and many servers fit on one machine.
    'innodb-buffer-pool-size': '16M',
    'performance-schema': 'OFF',
    'skip-name-resolve': 'ON',
    'wsrep-on': 'ON',
    'wsrep-provider': join(GALERA, 'libgalera_smm.so'),
    'wsrep-provider-options': 'gcache.size=16M',
    'wsrep-cluster-name': 'momus',
    'wsrep-cluster-address': `gcomm://${nodes.map(({ address }) => address).join(',')}`,
    'wsrep-node-name': node.id,
    'wsrep-node-address': node.address,
    'wsrep-sst-method': 'rsync',
    tmpdir: node.home,
  };
  return [
    '--no-defaults',
    ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
    ...(bootstrap ? ['--wsrep-new-cluster'] : []),
  ];
}

/** The first makes the cluster; the others join it and get all that it has. */
async function bootstrap(cluster: Cluster): Promise<void> {
  const [first, ...others] = cluster.nodes;
  await Promise.all(cluster.nodes.map((node) => makeDatabase(cluster, node)));
  await cluster.start(first!.id, { bootstrap: true });
  await cluster.ready(first!.id);
  const connection = await connect(first!);
  try {
    await connection.query(`CREATE DATABASE ${DATABASE}`);
    await connection.query(`USE ${DATABASE}`);
    for (const table of TABLES) await connection.query(table);
  } finally {
    await connection.end();
  }
  for (const { id } of others) {
    await cluster.start(id);
    await cluster.ready(id);
  }
}

async function makeDatabase(cluster: Cluster, node: NodeSite): Promise<void> {
  const folder = folderOf(node);
  const install = ['--auth-root-authentication-method=normal', '--skip-test-db'];
  const where = ['--no-defaults', `--datadir=${folder}`];
  await cluster.run(node.id, ['mariadb-install-db', ...where, ...install]);
  // In this mode each line is a statement.
  const input = `FLUSH PRIVILEGES;\nCREATE USER momus@'%' IDENTIFIED BY 'momus';\nGRANT ALL ON *.* TO momus@'%';\n`;
  await cluster.run(node.id, ['mariadbd', ...where, '--bootstrap'], { input });
}

/** A dead server joins the living; where none lives, the one that knows most makes the cluster anew. */
async function recover(cluster: Cluster): Promise<void> {
  const dead = cluster.nodes.filter(({ id }) => !cluster.running(id));
  if (dead.length === cluster.nodes.length) {
    const known = await Promise.all(
      dead.map(async (node) => [await lastKnown(cluster, node), node] as const),
    );
    const [, newest] = known.reduce((best, one) => (one[0] > best[0] ? one : best));
    await cluster.run(newest.id, [
      'sed',
      '-i',
      's/safe_to_bootstrap: 0/safe_to_bootstrap: 1/',
      join(folderOf(newest), 'grastate.dat'),
    ]);
    await cluster.start(newest.id, { bootstrap: true });
    await cluster.ready(newest.id);
  }
  // Together: a server that was up when all were lost waits for every other of them (pc.recovery).
  await Promise.all(dead.map(({ id }) => cluster.start(id)));
  await Promise.all(dead.map(({ id }) => cluster.ready(id)));
}

/** The number of the last transaction that a dead server has on its disk; -1 where it can't be told. */
async function lastKnown(cluster: Cluster, node: NodeSite): Promise<number> {
  const printed = await cluster.run(node.id, [
    'sh',
    '-c',
    `mariadbd ${flags(node, cluster.nodes, { bootstrap: false }).join(' ')} --wsrep-recover 2>&1 || true`,
  ]);
  return Number(/Recovered position: [\w-]+:(-?\d+)/.exec(printed)?.[1] ?? -1);
}

/** What the server says the time is. */
async function serverTime(node: NodeSite): Promise<Nanos> {
  const connection = await connect(node);
  try {
    const rows = await connection.query<{ micros: number }[]>(
      'SELECT CAST(UNIX_TIMESTAMP(SYSDATE(6)) * 1000000 AS INTEGER) AS micros',
    );
    return Number(rows[0]!.micros) * 1e3;
  } finally {
    await connection.end();
  }
}

/** Whether the server belongs to the majority and has all that it has. */
async function isPrepared(node: NodeSite): Promise<boolean> {
  const connection = await connect(node);
  try {
    const rows = await connection.query<{ Value: string }[]>("SHOW STATUS LIKE 'wsrep_ready'");
    return rows[0]?.Value === 'ON';
  } finally {
    await connection.end();
  }
}
