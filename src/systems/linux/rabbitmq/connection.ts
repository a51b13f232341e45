import type { ChannelModel } from 'amqplib';
import type { NodeSite, NpmPackage } from '../../../world/process-deployment.ts';

export const AMQPLIB: NpmPackage = { name: 'amqplib', version: '2.3.1' };

export const CLIENT_PORT = 5672;

export const QUEUE = 'momus';

export const QUEUE_KINDS = ['quorum', 'classic', 'mirrored'] as const;

export type QueueKind = (typeof QUEUE_KINDS)[number];

/** How long a connection may take to come about (ms): within one network, an age. */
const CONNECT_TIMEOUT = 5_000;

/** An open connection to one server, which is over when it breaks. */
export async function connect({ address }: NodeSite): Promise<ChannelModel> {
  const { connect: open } = await import('amqplib');
  const connection = await open(`amqp://guest:guest@${address}:${CLIENT_PORT}?heartbeat=10`, {
    timeout: CONNECT_TIMEOUT,
  });
  // Each request reports its error itself.
  connection.on('error', () => {});
  return connection;
}

/** Makes the queue, if it is a quorum queue with a replica on each of so many servers, else on the server at hand. */
export async function declareQueue(node: NodeSite, kind: QueueKind, replicas: number): Promise<void> {
  const connection = await connect(node);
  try {
    const channel = await connection.createChannel();
    const type =
      kind === 'quorum'
        ? { 'x-queue-type': 'quorum', 'x-quorum-initial-group-size': replicas }
        : { 'x-queue-type': 'classic' };
    await channel.assertQueue(QUEUE, { durable: true, arguments: type });
  } finally {
    await connection.close();
  }
}
