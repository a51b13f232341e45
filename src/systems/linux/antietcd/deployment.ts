import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Nanos, SECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import type { NodeSite, ProcessDeployment } from '../../../world/process-deployment.ts';
import type { DeployOptions } from '../../../world/system.ts';
import { dateOf } from '../shared/http-date.ts';
import { ask, PORT } from './api.ts';
import { AntietcdClient } from './client.ts';

export const PARAMETERS = {
  'persist-interval': {
    type: 'duration',
    default: 0,
    about: 'how long a change may wait until it is on the disk; 0: it is before it is acknowledged',
  },
  'stale-reads': {
    type: 'boolean',
    default: false,
    about: 'whether a read is answered without asking the leader',
  },
} as const satisfies Parameters;

/** How often the time is asked for until it is another, ms. */
const LOOK_EVERY = 20;

type Settings = ParameterValues<typeof PARAMETERS>;

export function antietcdDeployment({ parameters }: DeployOptions): ProcessDeployment {
  const settings = parameters as Settings;
  return {
    // It runs on the Node that runs Momus.
    requires: [],
    npm: [{ name: 'antietcd', version: '1.3.1' }],
    nodes: { default: 5, min: 1, max: 9 },
    // An election takes five seconds, and as many again where votes split.
    defaults: { settle: 20 * SECOND },
    startsWithin: 60 * SECOND,
    processes: (node, nodes) => [
      { name: 'antietcd', command: [process.execPath, program(), ...flags(node, nodes, settings)] },
    ],
    async ready(node) {
      await ask(node, 'kv/range', { key: '' });
      return true;
    },
    async leads(node) {
      const { leader, raftState } = await ask<Status>(node, 'maintenance/status', {});
      return leader === node.id && raftState === 'leader';
    },
    wallClock: { ask: newDate, granularity: SECOND / 2 },
    newClient: (context) => new AntietcdClient(context),
  };
}

/** Node keeps its `Date` for up to a second, so a new one is waited for. */
async function newDate(node: NodeSite): Promise<Nanos> {
  const date = async () => dateOf(await fetch(`http://${node.address}:${PORT}/v3/maintenance/status`));
  const first = await date();
  for (;;) {
    const next = await date();
    if (next !== first) return next;
    await sleep(LOOK_EVERY);
  }
}

interface Status {
  readonly leader?: string;
  readonly raftState?: string;
}

function program(): string {
  return createRequire(import.meta.url).resolve('antietcd/antietcd-app.js');
}

function flags(node: NodeSite, nodes: readonly NodeSite[], settings: Settings): string[] {
  const given = {
    ip: node.address,
    port: PORT,
    data: join(node.data, 'antietcd.gz'),
    persist_interval: Math.round(settings['persist-interval'] / 1e6),
    stale_read: settings['stale-reads'] ? 1 : 0,
    node_id: node.id,
    cluster_key: 'momus',
    cluster: nodes.map(({ id, address }) => `${id}=http://${address}:${PORT}`).join(','),
  };
  return Object.entries(given).flatMap(([name, value]) => [`--${name}`, String(value)]);
}
