import type { Client as Connection } from 'pg';
import type { NodeId } from '../../../faults/fault.ts';
import type { Client, Completion, Invocation } from '../../../world/client.ts';
import { failedBy } from '../../../world/error-table.ts';
import type { NodeSite, ServerClientContext } from '../../../world/process-deployment.ts';
import { connect } from './connection.ts';
import type { Settings } from './deployment.ts';
import { ERRORS } from './errors.ts';
import { perform } from './operations.ts';

/** Where a client that came to this node finds the server that takes writes. */
export type FindPrimary = (node: NodeSite) => Promise<string>;

export interface ClientOptions {
  readonly isolation: Settings['isolation'];
  /** Whose operations it is asked for. */
  readonly workload: string;
}

/** One transaction for each operation, on one connection, which an error ends. */
export class PostgresClient implements Client {
  private readonly context: ServerClientContext;
  private readonly workload: string;
  private readonly begin: string;
  private readonly primary: FindPrimary;
  private node!: NodeSite;
  private connection: Connection | null = null;

  constructor(context: ServerClientContext, { isolation, workload }: ClientOptions, primary: FindPrimary) {
    this.workload = workload;
    this.context = context;
    this.begin = `BEGIN ISOLATION LEVEL ${isolation.replace('-', ' ').toUpperCase()}`;
    this.primary = primary;
  }

  async open(node: NodeId): Promise<void> {
    this.node = this.context.nodes.find(({ id }) => id === node)!;
  }

  async close(): Promise<void> {
    this.connection?.end().catch(() => {});
    this.connection = null;
  }

  async invoke(operation: Invocation): Promise<Completion> {
    let committing = false;
    try {
      this.connection ??= await connect(await this.primary(this.node));
      const { connection } = this;
      await connection.query(this.begin);
      const done = await perform(connection, this.workload, operation);
      if (done.type === 'fail') {
        await connection.query('ROLLBACK');
        return done;
      }
      committing = true;
      await connection.query('COMMIT');
      return done;
    } catch (error) {
      await this.close();
      // Before its commit is asked for, nothing of a transaction lasts.
      return failedBy(error, ERRORS, { reads: !committing || operation.f === 'read' });
    }
  }
}
