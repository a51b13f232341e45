import { join } from 'node:path';
import { MILLISECOND, type Nanos, SECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import type { NodeSite, ProcessDeployment } from '../../../world/process-deployment.ts';
import type { DeployOptions } from '../../../world/system.ts';
import { NatsClient } from './client.ts';
import { CLIENT_PORT, NATS } from './connection.ts';
import { QUEUE } from './queue.ts';
import { leadsStream, makeStream, STREAM } from './stream.ts';

const PEER_PORT = 6222;
const MONITOR_PORT = 8222;
const STARTS_WITHIN = 60 * SECOND;

/** The most that JetStream allows. */
const MOST_REPLICAS = 5;

const JUDGED = ['linearizable', 'eventual'] as const;

export const PARAMETERS = {
  'judged-as': {
    type: 'choice',
    of: JUDGED,
    default: 'linearizable',
    about: 'what registers and the set are judged by: eventual permits stale reads, and no loss',
  },
} as const satisfies Parameters;

export type Settings = ParameterValues<typeof PARAMETERS> & { readonly 'judged-as': (typeof JUDGED)[number] };

export function natsDeployment({ workload }: DeployOptions): ProcessDeployment {
  const queue = workload === 'queue';
  const stream = queue ? QUEUE : STREAM;
  return {
    requires: [{ binary: 'nats-server', package: 'nats-server', version: ['nats-server', '--version'] }],
    npm: [NATS],
    nodes: { default: 3, min: 3, max: MOST_REPLICAS },
    // A leader that lost its majority steps down after ten seconds, and then others must still agree on the stream.
    defaults: { settle: 30 * SECOND },
    startsWithin: STARTS_WITHIN,
    files: (node, nodes) => ({ 'nats.conf': configuration(node, nodes) }),
    processes: ({ home }) => [
      { name: 'nats', command: ['nats-server', '--config', join(home, 'nats.conf')] },
    ],
    bootstrap: (cluster) => makeStream(cluster, { queue, startsWithin: STARTS_WITHIN }),
    ready: async ({ address }) => (await fetch(`http://${address}:${MONITOR_PORT}/varz`)).ok,
    leads: (node) => leadsStream(node, stream),
    wallClock: { ask: serverTime, granularity: MILLISECOND },
    newClient: (context) => new NatsClient(context),
  };
}

/** What the server says the time is. */
async function serverTime({ address }: NodeSite): Promise<Nanos> {
  const response = await fetch(`http://${address}:${MONITOR_PORT}/varz`);
  return Date.parse(((await response.json()) as { readonly now: string }).now) * 1e6;
}

function configuration(node: NodeSite, nodes: readonly NodeSite[]): string {
  const routes = nodes
    .filter(({ id }) => id !== node.id)
    .map(({ address }) => `nats://${address}:${PEER_PORT}`);
  const settings = {
    server_name: node.id,
    host: node.address,
    port: CLIENT_PORT,
    http: `${node.address}:${MONITOR_PORT}`,
    jetstream: { store_dir: join(node.data, 'nats'), max_mem: 64 << 20, max_file: 256 << 20 },
    cluster: { name: 'momus', host: node.address, port: PEER_PORT, routes },
  };
  // Its configuration language takes JSON.
  return Object.entries(settings)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('');
}
