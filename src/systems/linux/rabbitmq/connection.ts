import type { ChannelModel } from 'amqplib';
import type { NodeSite, NpmPackage } from '../../../world/process-deployment.ts';

export const AMQPLIB: NpmPackage = { name: 'amqplib', version: '2.3.1' };

export const CLIENT_PORT = 5672;

export const QUEUE = 'momus';

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

/** Makes the queue, with a replica on each of so many servers. */
export async function declareQueue(node: NodeSite, replicas: number): Promise<void> {
  const connection = await connect(node);
  try {
    const channel = await connection.createChannel();
    await channel.assertQueue(QUEUE, {
      durable: true,
      arguments: { 'x-queue-type': 'quorum', 'x-quorum-initial-group-size': replicas },
    });
  } finally {
    await connection.close();
  }
}
