import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import type { NodeSite, ProcessDeployment } from '../../../world/process-deployment.ts';
import type { DeployOptions } from '../../../world/system.ts';
import { httpDate } from '../shared/http-date.ts';
import { ZooKeeperClient } from './client.ts';
import { CLIENT_PORT, SESSION_TIMEOUT } from './connection.ts';

export const PARAMETERS = {
  sync: {
    type: 'boolean',
    default: true,
    about: 'whether a read first asks the server to catch up with the leader',
  },
  lease: { type: 'duration', default: 3 * SECOND, about: 'for how long a lock is granted' },
} as const satisfies Parameters;

export type Settings = ParameterValues<typeof PARAMETERS>;

const ADMIN_PORT = 8080;

/** Where Debian puts ZooKeeper and all that it needs. */
const CLASS_PATH = '/usr/share/java/*';

export function zookeeperDeployment({ parameters }: DeployOptions): ProcessDeployment {
  const settings = parameters as Settings;
  return {
    requires: [
      { binary: 'java', package: 'default-jre-headless', version: ['java', '-version'] },
      { binary: '/usr/share/zookeeper/bin/zkServer.sh', package: 'zookeeper' },
    ],
    nodes: { default: 3, min: 3, max: 9 },
    // A server that was cut off notices it after five ticks, and then joins again.
    defaults: { settle: 15 * SECOND },
    startsWithin: 60 * SECOND,
    files: (node, nodes) => ({ 'zoo.cfg': configuration(node, nodes) }),
    processes: (node) => [
      {
        name: 'zookeeper',
        command: ['sh', '-c', `${writeNumber(node)} && exec ${server(node)}`],
      },
    ],
    ready: async (node) => (await modeOf(node)) !== null,
    leads: async (node) => (await modeOf(node)) === 'leader',
    wallClock: httpDate(({ address }) => `http://${address}:${ADMIN_PORT}/commands/ruok`),
    newClient: (context) => new ZooKeeperClient(context, settings),
  };
}

function folderOf({ data }: NodeSite): string {
  return join(data, 'zookeeper');
}

function writeNumber(node: NodeSite): string {
  return `mkdir -p ${folderOf(node)} && echo ${node.number} > ${folderOf(node)}/myid`;
}

function server({ home }: NodeSite): string {
  return `java -Xmx192m -XX:+UseSerialGC -XX:-UsePerfData -cp '${CLASS_PATH}' org.apache.zookeeper.server.quorum.QuorumPeerMain ${join(home, 'zoo.cfg')}`;
}

function configuration(node: NodeSite, nodes: readonly NodeSite[]): string {
  const settings = {
    tickTime: 1_000,
    initLimit: 10,
    syncLimit: 5,
    maxSessionTimeout: SESSION_TIMEOUT,
    maxClientCnxns: 0,
    dataDir: folderOf(node),
    clientPort: CLIENT_PORT,
    clientPortAddress: node.address,
    'admin.serverAddress': node.address,
    'admin.serverPort': ADMIN_PORT,
    '4lw.commands.whitelist': 'srvr',
    ...Object.fromEntries(nodes.map(({ number, address }) => [`server.${number}`, `${address}:2888:3888`])),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** What the server is to its ensemble; null while it serves nobody. */
async function modeOf({ address }: NodeSite): Promise<string | null> {
  const socket = connect({ host: address, port: CLIENT_PORT });
  socket.end('srvr');
  return /^Mode: (\w+)/m.exec(await text(socket))?.[1] ?? null;
}
