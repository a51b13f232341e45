import type { NodeId } from '../../../faults/fault.ts';
import { type Client, type Completion, ConnectionError, type Invocation } from '../../../world/client.ts';
import type { ClientContext } from '../../../world/system.ts';
import type { Query } from '../shared/request-client.ts';

/** A client that now and then asks another replica than its own, as behind a load balancer, and carries nothing along. */
export class RoamingClient implements Client {
  private readonly context: ClientContext;
  private readonly roam: number;
  private home: NodeId = '';

  constructor(context: ClientContext, roam: number) {
    this.context = context;
    this.roam = roam;
  }

  async open(node: NodeId): Promise<void> {
    this.home = node;
  }

  async close(): Promise<void> {}

  async invoke({ f, key, value }: Invocation): Promise<Completion> {
    const { nodes, random } = this.context;
    const node = random.chance(this.roam) ? random.pick(nodes) : this.home;
    try {
      const answer = (await this.context.request(node, { f, key, value } satisfies Query)) as Completion;
      return { ...answer, node };
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      const harmless = error.code === 'refused' || f === 'read';
      return { type: harmless ? 'fail' : 'info', error: error.code, node };
    }
  }
}
