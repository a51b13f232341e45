import type { ChannelModel, ConfirmChannel } from 'amqplib';
import type { Completion, Invocation } from '../../../world/client.ts';
import { CONNECTION_ERRORS, type KnownError } from '../../../world/error-table.ts';
import type { ServerClientContext } from '../../../world/process-deployment.ts';
import { ConnectedClient } from '../shared/connected-client.ts';
import type { Attempt } from '../shared/server-client.ts';
import { connect, QUEUE } from './connection.ts';

/** What RabbitMQ's client may say. Whatever is not here leaves the outcome of an enqueue open. */
const ERRORS: readonly KnownError[] = [
  { match: 'connect ETIMEDOUT', name: 'connect-timeout', definite: true },
  { match: 'unroutable', name: 'unroutable', definite: true },
  { match: 'message nacked', name: 'nacked', definite: false },
  // The server that has the queue is down, or about to hand it over.
  { match: 'NOT_FOUND', name: 'not-found', definite: true },
  { match: /^channel (closed|ended)/i, name: 'connection-closed', definite: false },
  { match: 'Connection clos', name: 'connection-closed', definite: false },
  { match: 'Heartbeat timeout', name: 'heartbeat-timeout', definite: false },
  ...CONNECTION_ERRORS,
];

interface Session {
  readonly connection: ChannelModel;
  readonly channel: ConfirmChannel;
}

/** One queue. An enqueue waits for the publisher's confirm; a dequeue takes a message and acknowledges it. */
export class RabbitClient extends ConnectedClient<Session> {
  constructor(context: ServerClientContext) {
    super(context, ERRORS);
  }

  protected async connect(): Promise<Session> {
    const connection = await connect(this.node);
    try {
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => {});
      return { connection, channel };
    } catch (error) {
      this.disconnect({ connection });
      throw error;
    }
  }

  protected disconnect({ connection }: Pick<Session, 'connection'>): void {
    connection.close().catch(() => {});
  }

  protected async performOn(
    { channel }: Session,
    { f, value }: Invocation,
    attempt: Attempt,
  ): Promise<Completion> {
    switch (f) {
      case 'enqueue':
        attempt.changes = true;
        await publish(channel, value);
        return { type: 'ok' };
      case 'dequeue': {
        // A message that was taken but not acknowledged goes back into the queue.
        const message = await channel.get(QUEUE);
        if (message === false) return { type: 'fail', error: 'empty' };
        channel.ack(message);
        return { type: 'ok', value: JSON.parse(message.content.toString()) };
      }
      default:
        throw new Error(`RabbitMQ does not serve ${f}`);
    }
  }
}

/** Resolves once the message is confirmed: a quorum queue's by a majority of the replicas, a classic one's by each copy. */
function publish(channel: ConfirmChannel, value: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const content = Buffer.from(JSON.stringify(value));
    // What finds no queue is confirmed all the same, but comes back before that.
    const comesBack = () => reject(new Error('unroutable'));
    channel.once('return', comesBack);
    channel.sendToQueue(QUEUE, content, { persistent: true, mandatory: true }, (error) => {
      channel.off('return', comesBack);
      if (error) reject(error);
      else resolve();
    });
  });
}
