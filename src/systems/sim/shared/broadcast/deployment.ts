import type { NodeId } from '../../../../faults/fault.ts';
import type { ParameterValues } from '../../../../world/parameters.ts';
import type { DeployOptions, SimDeployment } from '../../../../world/system.ts';
import { requestClient } from '../request-client.ts';
import { BroadcastNode } from './broadcast-node.ts';
import { Flooding } from './flooding.ts';
import type { Payload } from './message.ts';
import type { Order } from './order.ts';
import type { FLOODING_PARAMETERS } from './parameters.ts';

export interface FloodingSystem<P extends Payload> {
  /** Whether nodes pass on what they receive. */
  readonly relay: boolean;
  /** Makes the order in which a node delivers. */
  order(self: NodeId, peers: readonly NodeId[]): Order<P>;
  readonly answer?: 'at-once' | 'at-delivery';
}

/** Deploys a broadcast whose messages go to all nodes over stubborn links. */
export function floodingDeployment<P extends Payload>(
  { bugs, parameters }: DeployOptions,
  { relay, order, answer = 'at-once' }: FloodingSystem<P>,
): SimDeployment {
  const { resend } = parameters as ParameterValues<typeof FLOODING_PARAMETERS>;
  return {
    program: (context) =>
      new BroadcastNode(context, {
        bugs,
        order: order(context.id, context.peers),
        spread: (host) => new Flooding<P>(host, { bugs, relay }),
        answer,
        tick: resend,
      }),
    client: requestClient,
  };
}
