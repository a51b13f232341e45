import type { Connection } from 'mariadb';
import type { Completion, Invocation } from '../../../world/client.ts';
import { CONNECTION_ERRORS, type KnownError } from '../../../world/error-table.ts';
import type { ServerClientContext } from '../../../world/process-deployment.ts';
import { ConnectedClient } from '../shared/connected-client.ts';
import type { Attempt } from '../shared/server-client.ts';
import { connect, DATABASE } from './connection.ts';
import type { Settings } from './deployment.ts';
import { perform } from './operations.ts';

/** What MariaDB or its client may say. Whatever is not here leaves the outcome open. */
const ERRORS: readonly KnownError[] = [
  { match: 'ER_LOCK_DEADLOCK', name: 'deadlock', definite: true },
  { match: 'ER_LOCK_WAIT_TIMEOUT', name: 'lock-timeout', definite: true },
  { match: 'ER_CHECKREAD', name: 'record-changed', definite: true },
  // The server does not belong to the majority.
  { match: 'WSREP has not yet prepared', name: 'not-prepared', definite: true },
  { match: 'ER_CONNECTION_TIMEOUT', name: 'connect-timeout', definite: true },
  { match: 'ER_SERVER_SHUTDOWN', name: 'shutdown', definite: false },
  { match: 'ER_CONNECTION_KILLED', name: 'connection-killed', definite: false },
  { match: 'ER_SOCKET_UNEXPECTED_CLOSE', name: 'connection-closed', definite: false },
  { match: 'ER_CMD_CONNECTION_CLOSED', name: 'connection-closed', definite: false },
  ...CONNECTION_ERRORS,
];

export interface ClientOptions {
  readonly settings: Settings;
  /** Whose operations it is asked for. */
  readonly workload: string;
}

/** One transaction for each operation, on one connection to one server, which an error ends. */
export class GaleraClient extends ConnectedClient<Connection> {
  private readonly options: ClientOptions;

  constructor(context: ServerClientContext, options: ClientOptions) {
    super(context, ERRORS);
    this.options = options;
  }

  protected async connect(): Promise<Connection> {
    const { isolation, 'sync-wait': syncWait } = this.options.settings;
    const connection = await connect(this.node, DATABASE);
    await connection.query(
      `SET SESSION TRANSACTION ISOLATION LEVEL ${isolation.replace('-', ' ').toUpperCase()}`,
    );
    await connection.query(`SET SESSION wsrep_sync_wait = ${syncWait ? 15 : 0}`);
    return connection;
  }

  protected disconnect(connection: Connection): void {
    connection.destroy();
  }

  protected async performOn(
    connection: Connection,
    operation: Invocation,
    attempt: Attempt,
  ): Promise<Completion> {
    await connection.query('START TRANSACTION');
    const done = await perform(connection, this.options.workload, operation);
    // Before its commit is asked for, nothing of a transaction lasts.
    attempt.changes = operation.f !== 'read';
    await connection.query('COMMIT');
    return done;
  }
}
