import type { ChannelModel, ConfirmChannel } from 'amqplib';
import type { NodeId } from '../../../faults/fault.ts';
import type { Client, Completion, Invocation } from '../../../world/client.ts';
import { CONNECTION_ERRORS, failedBy, type KnownError } from '../../../world/error-table.ts';
import type { NodeSite, ServerClientContext } from '../../../world/process-deployment.ts';
import { connect, QUEUE } from './connection.ts';

/** What RabbitMQ's client may say. Whatever is not here leaves the outcome of an enqueue open. */
const ERRORS: readonly KnownError[] = [
  { match: 'connect ETIMEDOUT', name: 'connect-timeout', definite: true },
  { match: 'no channel', name: 'no-channel', definite: true },
  { match: 'message nacked', name: 'nacked', definite: false },
  { match: 'channel closed', name: 'connection-closed', definite: false },
  { match: 'Connection clos', name: 'connection-closed', definite: false },
  { match: 'Heartbeat timeout', name: 'heartbeat-timeout', definite: false },
  ...CONNECTION_ERRORS,
];

/** One quorum queue. An enqueue waits for the publisher's confirm; a dequeue takes a message and acknowledges it. */
export class RabbitClient implements Client {
  private readonly context: ServerClientContext;
  private node!: NodeSite;
  private connection: ChannelModel | null = null;
  private channel: ConfirmChannel | null = null;

  constructor(context: ServerClientContext) {
    this.context = context;
  }

  async open(node: NodeId): Promise<void> {
    this.node = this.context.nodes.find(({ id }) => id === node)!;
  }

  async close(): Promise<void> {
    this.connection?.close().catch(() => {});
    this.connection = null;
    this.channel = null;
  }

  async invoke(operation: Invocation): Promise<Completion> {
    try {
      return await this.perform(await this.openChannel(), operation);
    } catch (error) {
      await this.close();
      // A message that was taken but not acknowledged goes back into the queue.
      return failedBy(error, ERRORS, { reads: operation.f === 'dequeue' });
    }
  }

  private async perform(channel: ConfirmChannel, { f, value }: Invocation): Promise<Completion> {
    switch (f) {
      case 'enqueue':
        await publish(channel, value);
        return { type: 'ok' };
      case 'dequeue': {
        const message = await channel.get(QUEUE);
        if (message === false) return { type: 'fail', error: 'empty' };
        channel.ack(message);
        return { type: 'ok', value: JSON.parse(message.content.toString()) };
      }
      default:
        throw new Error(`RabbitMQ does not serve ${f}`);
    }
  }

  private async openChannel(): Promise<ConfirmChannel> {
    if (this.channel !== null) return this.channel;
    try {
      this.connection = await connect(this.node);
      this.channel = await this.connection.createConfirmChannel();
    } catch (cause) {
      throw new Error('no channel', { cause });
    }
    this.channel.on('error', () => {});
    return this.channel;
  }
}

/** Resolves once a majority of the replicas have the message. */
function publish(channel: ConfirmChannel, value: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const content = Buffer.from(JSON.stringify(value));
    channel.sendToQueue(QUEUE, content, { persistent: true }, (error) => (error ? reject(error) : resolve()));
  });
}
