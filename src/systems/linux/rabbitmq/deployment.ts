import { join } from 'node:path';
import { MILLISECOND, type Nanos, SECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import type { Cluster, NodeSite, ProcessDeployment } from '../../../world/process-deployment.ts';
import type { DeployOptions } from '../../../world/system.ts';
import { RabbitClient } from './client.ts';
import {
  AMQPLIB,
  CLIENT_PORT,
  connect,
  declareQueue,
  QUEUE,
  QUEUE_KINDS,
  type QueueKind,
} from './connection.ts';

export const PARAMETERS = {
  queue: {
    type: 'choice',
    of: QUEUE_KINDS,
    default: 'quorum',
    about:
      'quorum: replicated by Raft; classic: on the first server alone; mirrored: classic, with a copy on each server',
  },
} as const satisfies Parameters;

type Settings = ParameterValues<typeof PARAMETERS> & { readonly queue: QueueKind };

/** Where Debian puts the programs; the one on the PATH changes the user. */
const SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const CONTROL = '/usr/lib/rabbitmq/bin/rabbitmqctl';

/** A copy on each server, and everything else as it is by default. */
const MIRRORED = JSON.stringify({ 'ha-mode': 'all' });

/** After how long without a sign a server counts as gone, s. */
const TICK_TIME = 8;

export function rabbitmqDeployment({ parameters }: DeployOptions): ProcessDeployment {
  const { queue } = parameters as Settings;
  return {
    requires: [{ binary: SERVER, package: 'rabbitmq-server' }],
    npm: [AMQPLIB],
    nodes: { default: 3, min: 3, max: 5 },
    // A server that was cut off stops its work, and begins again when it sees a majority.
    defaults: { settle: 45 * SECOND },
    user: 'rabbitmq',
    startsWithin: 180 * SECOND,
    files: (node, nodes) => ({
      '.erlang.cookie': 'momus',
      'rabbitmq.conf': configuration(node, nodes),
      enabled_plugins: '[].\n',
    }),
    processes: (node) => [
      {
        name: 'rabbitmq',
        // Erlang refuses a cookie that others could read.
        command: ['sh', '-c', `chmod 400 ${join(node.home, '.erlang.cookie')} && exec ${SERVER}`],
        env: environment(node),
      },
    ],
    bootstrap: (cluster) => bootstrap(cluster, queue),
    async ready(node) {
      const connection = await connect(node);
      await connection.close();
      return true;
    },
    wallClock: { ask: serverTime, granularity: MILLISECOND },
    newClient: (context) => new RabbitClient(context),
  };
}

function nameOf({ address }: NodeSite): string {
  return `rabbit@${address}`;
}

function environment(node: NodeSite): Record<string, string> {
  const { home, data } = node;
  return {
    HOME: home,
    RABBITMQ_USE_LONGNAME: 'true',
    RABBITMQ_NODENAME: nameOf(node),
    RABBITMQ_CONFIG_FILE: join(home, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'enabled_plugins'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(home, 'generated'),
    RABBITMQ_MNESIA_BASE: join(data, 'rabbitmq'),
    RABBITMQ_LOG_BASE: join(home, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: join(home, 'pid'),
    // One scheduler does, and many servers fit on one machine.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel net_ticktime ${TICK_TIME} +S 1:1 +sbwt none`,
  };
}

function configuration(node: NodeSite, nodes: readonly NodeSite[]): string {
  const settings = [
    `listeners.tcp.1 = ${node.address}:${CLIENT_PORT}`,
    'loopback_users = none',
    'cluster_partition_handling = pause_minority',
    'cluster_formation.peer_discovery_backend = classic_config',
    ...nodes.map((one, i) => `cluster_formation.classic_config.nodes.${i + 1} = ${nameOf(one)}`),
  ];
  return `${settings.join('\n')}\n`;
}

/** What the machine's clock shows to the server. Erlang's own time follows a step of it by one percent at most. */
async function serverTime(node: NodeSite, cluster: Pick<Cluster, 'run'>): Promise<Nanos> {
  return Number(await control(node, cluster, 'eval', 'os:system_time(microsecond).')) * 1e3;
}

function control(node: NodeSite, cluster: Pick<Cluster, 'run'>, ...command: string[]): Promise<string> {
  return cluster.run(node.id, [CONTROL, ...command], { env: environment(node) });
}

/** The first makes the cluster and the others join it; then the first makes the queue. */
async function bootstrap(cluster: Cluster, queue: QueueKind): Promise<void> {
  const [first, ...others] = cluster.nodes;
  await cluster.start(first!.id);
  await cluster.ready(first!.id);
  await Promise.all(others.map(({ id }) => cluster.start(id)));
  await Promise.all(others.map(({ id }) => cluster.ready(id)));
  if (queue === 'mirrored') await control(first!, cluster, 'set_policy', 'mirrored', `^${QUEUE}$`, MIRRORED);
  await declareQueue(first!, queue, cluster.nodes.length);
}
