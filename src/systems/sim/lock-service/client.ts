import type { NodeId } from '../../../faults/fault.ts';
import type { Client, Completion, Invocation } from '../../../world/client.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { ClientContext } from '../../../world/system.ts';
import { LogClient } from '../shared/log-client.ts';
import type { Settings } from './settings.ts';

/** A lock that this client has got. */
interface Claim {
  over: boolean;
}

/**
 * A client that relies on a lock for half its lease, counted from before it asked for it: the service's clocks may run
 * up to twice as fast. It writes only as long as it holds the lock by that; what happens to a write on its way is
 * nothing that it could know.
 */
export class LockClient implements Client {
  private readonly context: ClientContext;
  private readonly log: LogClient;
  private readonly reliable: Nanos;
  private readonly claims = new Map<Invocation['key'], Claim>();

  constructor(context: ClientContext, settings: Settings) {
    this.context = context;
    this.log = new LogClient(context, settings['try-timeout'], 'lock');
    this.reliable = Math.floor(settings['lock-lease'] / 2);
  }

  open(node: NodeId): Promise<void> {
    return this.log.open(node);
  }

  close(): Promise<void> {
    return this.log.close();
  }

  async invoke(operation: Invocation): Promise<Completion> {
    const { f, key } = operation;
    if (f === 'acquire') return this.acquire(operation);
    if (f === 'write' && this.claims.get(key)?.over !== false) return { type: 'fail', error: 'lease-over' };
    if (f === 'release') this.claims.delete(key);
    return this.log.invoke(operation);
  }

  private async acquire(operation: Invocation): Promise<Completion> {
    const claim: Claim = { over: false };
    void this.context.sleep(this.reliable).then(() => {
      claim.over = true;
    });
    const completion = await this.log.invoke(operation);
    if (completion.type !== 'ok') return completion;
    this.claims.set(operation.key, claim);
    return { type: 'ok', value: { token: completion.value, lease: this.reliable } };
  }
}
