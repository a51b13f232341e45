import type { Parameters, ParameterValues } from '../../../world/parameters.ts';
import type { ProcessDeployment } from '../../../world/process-deployment.ts';
import type { DeployOptions } from '../../../world/system.ts';
import { patroniDeployment } from './patroni.ts';
import { singleDeployment } from './single.ts';

const LEVELS = ['serializable', 'repeatable-read', 'read-committed'] as const;

export const PARAMETERS = {
  isolation: {
    type: 'choice',
    of: LEVELS,
    default: 'serializable',
    about: 'isolation level of every transaction',
  },
  'judged-as': {
    type: 'choice',
    of: LEVELS,
    default: 'serializable',
    about: 'isolation level that the run is judged by',
  },
  replication: {
    type: 'choice',
    of: ['none', 'async', 'sync'],
    default: 'none',
    about:
      'none: one server; else each node has one, and Patroni promotes a standby when the primary is gone',
  },
} as const satisfies Parameters;

export type Settings = ParameterValues<typeof PARAMETERS> & {
  readonly isolation: (typeof LEVELS)[number];
  readonly 'judged-as': (typeof LEVELS)[number];
};

export function postgresDeployment({ workload, parameters }: DeployOptions): ProcessDeployment {
  const { isolation, replication } = parameters as Settings;
  const options = { isolation, workload };
  return replication === 'none'
    ? singleDeployment(options)
    : patroniDeployment(options, replication === 'sync');
}
