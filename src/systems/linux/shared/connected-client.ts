import type { Completion, Invocation } from '../../../world/client.ts';
import { type Attempt, ServerClient } from './server-client.ts';

/** A client with one connection, made when it is first needed and again after an error that ended it. */
export abstract class ConnectedClient<Connection> extends ServerClient {
  private connection: Connection | null = null;
  private closed = false;

  async close(): Promise<void> {
    this.closed = true;
    this.drop();
  }

  protected abstract connect(): Promise<Connection>;

  protected abstract disconnect(connection: Connection): void;

  protected abstract performOn(
    connection: Connection,
    operation: Invocation,
    attempt: Attempt,
  ): Promise<Completion>;

  /** Whether the connection is as good as before; otherwise the next operation has another. */
  protected survives(_error: unknown): boolean {
    return false;
  }

  protected async perform(operation: Invocation, attempt: Attempt): Promise<Completion> {
    const connection = await this.connected();
    try {
      return await this.performOn(connection, operation, attempt);
    } catch (error) {
      if (!this.survives(error)) this.drop();
      throw error;
    }
  }

  protected async connected(): Promise<Connection> {
    if (this.connection !== null) return this.connection;
    const connection = await this.connect();
    if (this.closed) {
      this.disconnect(connection);
      throw new Error('the client was closed meanwhile');
    }
    this.connection = connection;
    return connection;
  }

  private drop(): void {
    if (this.connection !== null) this.disconnect(this.connection);
    this.connection = null;
  }
}
