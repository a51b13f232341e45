import type { Client as Connection } from 'pg';
import type { Completion, Invocation } from '../../../world/client.ts';
import type { NodeSite, ServerClientContext } from '../../../world/process-deployment.ts';
import { ConnectedClient } from '../shared/connected-client.ts';
import type { Attempt } from '../shared/server-client.ts';
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
export class PostgresClient extends ConnectedClient<Connection> {
  private readonly workload: string;
  private readonly begin: string;
  private readonly primary: FindPrimary;

  constructor(context: ServerClientContext, { isolation, workload }: ClientOptions, primary: FindPrimary) {
    super(context, ERRORS);
    this.workload = workload;
    this.begin = `BEGIN ISOLATION LEVEL ${isolation.replace('-', ' ').toUpperCase()}`;
    this.primary = primary;
  }

  protected async connect(): Promise<Connection> {
    return connect(await this.primary(this.node));
  }

  protected disconnect(connection: Connection): void {
    connection.end().catch(() => {});
  }

  protected async performOn(
    connection: Connection,
    operation: Invocation,
    attempt: Attempt,
  ): Promise<Completion> {
    await connection.query(this.begin);
    const done = await perform(connection, this.workload, operation);
    if (done.type === 'fail') {
      await connection.query('ROLLBACK');
      return done;
    }
    // Before its commit is asked for, nothing of a transaction lasts.
    attempt.changes = operation.f !== 'read';
    await connection.query('COMMIT');
    return done;
  }
}
