import type { NodeId } from '../../../faults/fault.ts';
import type { Client, Completion, Invocation } from '../../../world/client.ts';
import { failedBy, type KnownError } from '../../../world/error-table.ts';
import type { NodeSite, ServerClientContext } from '../../../world/process-deployment.ts';

/** An operation that is under way. */
export interface Attempt {
  /** Whether something was asked for that may change anything. */
  changes: boolean;
}

/**
 * A client that turns to the server of one node, and asks nothing twice. An operation that threw had no effect if nothing
 * was asked for that changes anything; else a table of errors tells.
 */
export abstract class ServerClient implements Client {
  protected readonly context: ServerClientContext;
  protected node!: NodeSite;
  private readonly errors: readonly KnownError[];

  constructor(context: ServerClientContext, errors: readonly KnownError[]) {
    this.context = context;
    this.errors = errors;
  }

  async open(node: NodeId): Promise<void> {
    this.node = this.context.nodes.find(({ id }) => id === node)!;
  }

  async invoke(operation: Invocation): Promise<Completion> {
    const attempt: Attempt = { changes: false };
    try {
      return await this.perform(operation, attempt);
    } catch (error) {
      return failedBy(error, this.errors, { reads: !attempt.changes });
    }
  }

  abstract close(): Promise<void>;

  protected abstract perform(operation: Invocation, attempt: Attempt): Promise<Completion>;
}
