import type { NodeId } from '../../../faults/fault.ts';
import type { Client, Completion, Invocation } from '../../../world/client.ts';
import { failedBy, type KnownError } from '../../../world/error-table.ts';
import type { NodeSite, ServerClientContext } from '../../../world/process-deployment.ts';

/** A client over HTTP, where each request stands for itself. It asks one node alone, and nothing twice. */
export abstract class HttpClient implements Client {
  protected readonly context: ServerClientContext;
  protected node!: NodeSite;
  private readonly errors: readonly KnownError[];
  private readonly closing = new AbortController();

  constructor(context: ServerClientContext, errors: readonly KnownError[]) {
    this.context = context;
    this.errors = errors;
  }

  /** Ends every request that is under way when the client is closed. */
  protected get signal(): AbortSignal {
    return this.closing.signal;
  }

  async open(node: NodeId): Promise<void> {
    this.node = this.context.nodes.find(({ id }) => id === node)!;
  }

  async close(): Promise<void> {
    this.closing.abort();
  }

  async invoke(operation: Invocation): Promise<Completion> {
    try {
      return await this.perform(operation);
    } catch (error) {
      return failedBy(error, this.errors, { reads: this.reads(operation) });
    }
  }

  protected abstract perform(operation: Invocation): Promise<Completion>;

  /** Whether an operation changes nothing, however it ends. */
  protected reads({ f }: Invocation): boolean {
    return f === 'read';
  }
}
