import type { NatsConnection } from 'nats';
import type { Completion, Invocation } from '../../../world/client.ts';
import { CONNECTION_ERRORS, type KnownError } from '../../../world/error-table.ts';
import type { ServerClientContext } from '../../../world/process-deployment.ts';
import { ConnectedClient } from '../shared/connected-client.ts';
import type { Attempt } from '../shared/server-client.ts';
import { ask, connect, JetStreamError } from './connection.ts';
import { dequeue, QUEUE } from './queue.ts';
import { STREAM } from './stream.ts';

/** What JetStream (by its error numbers) or its client may say. Whatever is not here leaves the outcome open. */
const ERRORS: readonly KnownError[] = [
  { match: '10071', name: 'mismatch', definite: true },
  { match: '10008', name: 'unavailable', definite: true },
  { match: '10039', name: 'not-enabled', definite: true },
  { match: '10076', name: 'not-enabled', definite: true },
  // Nobody listened for the request.
  { match: '503', name: 'no-responders', definite: true },
  { match: 'TIMEOUT', name: 'timeout', definite: false },
  { match: 'CONNECTION_REFUSED', name: 'connection-refused', definite: true },
  { match: 'CONNECTION_CLOSED', name: 'connection-closed', definite: false },
  { match: 'DISCONNECT', name: 'connection-closed', definite: false },
  ...CONNECTION_ERRORS,
];

const NO_MESSAGE_FOUND = '10037';

interface StoredMessage {
  readonly message: { readonly seq: number; readonly data: string };
}

interface StreamInfo {
  readonly state: { readonly subjects?: Readonly<Record<string, number>> };
}

/** Registers and a set in one replicated stream: of each subject the last message, as in a key-value bucket. And a queue in another. */
export class NatsClient extends ConnectedClient<NatsConnection> {
  private readonly timeout: number;

  constructor(context: ServerClientContext) {
    super(context, ERRORS);
    this.timeout = context.timeout / 1e6;
  }

  protected connect(): Promise<NatsConnection> {
    return connect(this.node);
  }

  protected disconnect(connection: NatsConnection): void {
    connection.close().catch(() => {});
  }

  protected override survives(error: unknown): boolean {
    return error instanceof JetStreamError;
  }

  protected async performOn(
    connection: NatsConnection,
    { f, key, value }: Invocation,
    attempt: Attempt,
  ): Promise<Completion> {
    const register = `${STREAM}.register.${key}`;
    switch (f) {
      case 'read':
        return {
          type: 'ok',
          value:
            key === undefined
              ? await this.readSet(connection)
              : (await this.read(connection, register)).value,
        };
      case 'write':
        attempt.changes = true;
        await this.publish(connection, register, value);
        return { type: 'ok' };
      case 'cas': {
        const [from, to] = value as readonly [unknown, unknown];
        const found = await this.read(connection, register);
        if (found.value !== from) return { type: 'fail', error: 'mismatch' };
        attempt.changes = true;
        await this.publish(connection, register, to, {
          'Nats-Expected-Last-Subject-Sequence': String(found.sequence),
        });
        return { type: 'ok' };
      }
      case 'add':
        attempt.changes = true;
        await this.publish(connection, `${STREAM}.set.${value}`, value);
        return { type: 'ok' };
      case 'enqueue':
        attempt.changes = true;
        await this.publish(connection, QUEUE, value);
        return { type: 'ok' };
      case 'dequeue':
        return dequeue(connection, this.timeout);
      default:
        throw new Error(`NATS does not serve ${f}`);
    }
  }

  /** What a register holds, and the number of the message that set it; null and 0 where it was never written. */
  private async read(
    connection: NatsConnection,
    subject: string,
  ): Promise<{ readonly value: unknown; readonly sequence: number }> {
    try {
      const { message } = await this.ask<StoredMessage>(connection, `$JS.API.STREAM.MSG.GET.${STREAM}`, {
        last_by_subj: subject,
      });
      return {
        value: JSON.parse(Buffer.from(message.data, 'base64').toString()),
        sequence: message.seq,
      };
    } catch (error) {
      if (error instanceof JetStreamError && error.code === NO_MESSAGE_FOUND)
        return { value: null, sequence: 0 };
      throw error;
    }
  }

  /** Each element has a subject of its own, and the leader of the stream knows all subjects. */
  private async readSet(connection: NatsConnection): Promise<number[]> {
    const { state } = await this.ask<StreamInfo>(connection, `$JS.API.STREAM.INFO.${STREAM}`, {
      subjects_filter: `${STREAM}.set.*`,
    });
    return Object.keys(state.subjects ?? {}).map((subject) => Number(subject.split('.').at(-1)));
  }

  private publish(
    connection: NatsConnection,
    subject: string,
    value: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    return ask(connection, subject, value, { timeout: this.timeout, headers });
  }

  private ask<T>(connection: NatsConnection, subject: string, request: unknown): Promise<T> {
    return ask<T>(connection, subject, request, { timeout: this.timeout });
  }
}
