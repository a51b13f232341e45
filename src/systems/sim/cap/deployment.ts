import type { ParameterValues } from '../../../world/parameters.ts';
import type { DeployOptions, SimDeployment } from '../../../world/system.ts';
import type { QuorumOptions } from '../quorum-register/options.ts';
import { QuorumNode } from '../quorum-register/program.ts';
import { requestClient } from '../shared/request-client.ts';
import type { PARAMETERS } from './parameters.ts';

/**
 * A register on every node, read and written at majorities, reads writing back (Attiya, Bar-Noy and Dolev 1995). Only
 * `tooFew` tells its two views apart: what a node does that can't reach a majority.
 */
export function capRegister(
  { bugs, parameters }: DeployOptions,
  tooFew: QuorumOptions['tooFew'],
): SimDeployment {
  const values = parameters as ParameterValues<typeof PARAMETERS>;
  const options: QuorumOptions = { ...values, bugs, replicas: 0, r: 0, w: 0, writeBack: true, tooFew };
  return { program: (context) => new QuorumNode(context, options), client: requestClient };
}
