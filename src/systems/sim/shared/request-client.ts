import { type Client, type Completion, ConnectionError, type Invocation } from '../../../world/client.ts';
import type { ClientContext } from '../../../world/system.ts';

/** What a client asks of its node: the invocation as it stands. */
export interface Query {
  readonly f: string;
  readonly key?: string | number | undefined;
  readonly value: unknown;
}

/**
 * A client that hands each operation to its node as it is and takes the node's answer for the completion. A read that
 * gets no answer surely had no effect; anything else may have had one, unless the connection was refused.
 */
export function requestClient(context: ClientContext): Client {
  let node = '';
  return {
    async open(to) {
      node = to;
    },
    async invoke({ f, key, value }: Invocation): Promise<Completion> {
      try {
        return (await context.request(node, { f, key, value } satisfies Query)) as Completion;
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        const harmless = error.code === 'refused' || f === 'read';
        return { type: harmless ? 'fail' : 'info', error: error.code };
      }
    },
    async close() {},
  };
}
