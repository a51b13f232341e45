import type { NatsConnection } from 'nats';
import type { Cluster, NodeSite } from '../../../world/process-deployment.ts';
import { ask, connect, JetStreamError } from './connection.ts';
import { makeConsumer, queueSettings } from './queue.ts';

/** The stream in which all but a queue lies, and the first word of all its subjects. */
export const STREAM = 'momus';

/** How long a server may take to answer (ms). */
const PATIENCE = 2_000;

/** Starts the servers, then makes the stream; a leader of all must be elected for that, so it is tried for a while. */
export async function makeStream(
  cluster: Cluster,
  { queue, startsWithin }: { readonly queue: boolean; readonly startsWithin: number },
): Promise<void> {
  const { nodes } = cluster;
  await Promise.all(nodes.map(({ id }) => cluster.start(id)));
  await Promise.all(nodes.map(({ id }) => cluster.ready(id)));
  const end = process.uptime() + startsWithin / 1e9;
  for (;;) {
    try {
      return await create(nodes[0]!, queue, nodes.length);
    } catch (error) {
      // "jetstream is not enabled" and "no suitable peers" pass as the servers get to know each other.
      if (process.uptime() > end) throw error;
      await cluster.run(nodes[0]!.id, ['sleep', '0.3']);
    }
  }
}

function streamSettings(replicas: number) {
  return {
    name: STREAM,
    subjects: [`${STREAM}.>`],
    retention: 'limits',
    storage: 'file',
    discard: 'new',
    num_replicas: replicas,
    max_msgs_per_subject: 1,
    discard_new_per_subject: false,
  };
}

async function create(node: NodeSite, queue: boolean, replicas: number): Promise<void> {
  const settings = queue ? queueSettings(replicas) : streamSettings(replicas);
  const connection = await connect(node);
  try {
    await createStream(connection, settings);
    if (queue) await makeConsumer(connection, PATIENCE);
  } finally {
    await connection.close();
  }
}

async function createStream(connection: NatsConnection, settings: { readonly name: string }): Promise<void> {
  try {
    await ask(connection, `$JS.API.STREAM.CREATE.${settings.name}`, settings, { timeout: PATIENCE });
  } catch (error) {
    // An earlier attempt whose answer came too late.
    if (!(error instanceof JetStreamError) || error.code !== '10058') throw error;
  }
}

/** Whether the server leads the stream. */
export async function leadsStream(node: NodeSite, stream: string): Promise<boolean> {
  const connection = await connect(node);
  try {
    const { server_name: name } = connection.info as unknown as { readonly server_name: string };
    const { cluster } = await ask<{ readonly cluster?: { readonly leader?: string } }>(
      connection,
      `$JS.API.STREAM.INFO.${stream}`,
      {},
      { timeout: PATIENCE },
    );
    return cluster?.leader === name;
  } finally {
    await connection.close();
  }
}
