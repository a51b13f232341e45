import { SECOND } from '../../../world/nanos.ts';
import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import type { ProcessDeployment } from '../../../world/process-deployment.ts';
import type { DeployOptions } from '../../../world/system.ts';
import { httpDate } from '../shared/http-date.ts';
import { ask, urlOf } from './api.ts';
import { EtcdClient } from './client.ts';
import { ETCD, etcdProcess } from './process.ts';

export const PARAMETERS = {
  reads: {
    type: 'choice',
    of: ['linearizable', 'serializable'],
    default: 'linearizable',
    about: 'whether a read asks the leader or only the node at hand',
  },
  lease: { type: 'duration', default: 3 * SECOND, about: 'for how long a lock is granted' },
} as const satisfies Parameters;

export type Settings = ParameterValues<typeof PARAMETERS>;

export function etcdDeployment({ parameters }: DeployOptions): ProcessDeployment {
  const settings = parameters as Settings;
  return {
    requires: [ETCD],
    nodes: { default: 5, min: 1, max: 9 },
    startsWithin: 30 * SECOND,
    processes: (node, nodes) => [etcdProcess(node, nodes)],
    async ready(node) {
      const response = await fetch(`${urlOf(node)}/health`);
      return ((await response.json()) as { health?: string }).health === 'true';
    },
    async leads(node) {
      const { header, leader } = await ask<Status>(node, 'maintenance/status', {});
      return header.member_id === leader;
    },
    wallClock: httpDate((node) => `${urlOf(node)}/version`),
    newClient: (context) => new EtcdClient(context, settings),
  };
}

interface Status {
  readonly header: { readonly member_id: string };
  readonly leader: string;
}
