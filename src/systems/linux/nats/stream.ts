import type { Cluster, NodeSite } from '../../../world/process-deployment.ts';
import { ask, connect, JetStreamError } from './connection.ts';

/** The stream in which everything lies, and the first word of all its subjects. */
export const STREAM = 'momus';

/** How long a server may take to answer (ms). */
const PATIENCE = 2_000;

/** Starts the servers, then makes the stream; a leader of all must be elected for that, so it is tried for a while. */
export async function makeStream(cluster: Cluster, replicas: number, startsWithin: number): Promise<void> {
  const { nodes } = cluster;
  await Promise.all(nodes.map(({ id }) => cluster.start(id)));
  await Promise.all(nodes.map(({ id }) => cluster.ready(id)));
  const end = process.uptime() + startsWithin / 1e9;
  for (;;) {
    try {
      return await create(nodes[0]!, replicas);
    } catch (error) {
      // "jetstream is not enabled" and "no suitable peers" pass as the servers get to know each other.
      if (process.uptime() > end) throw error;
      await cluster.run(nodes[0]!.id, ['sleep', '0.3']);
    }
  }
}

async function create(node: NodeSite, replicas: number): Promise<void> {
  const connection = await connect(node);
  try {
    await ask(
      connection,
      `$JS.API.STREAM.CREATE.${STREAM}`,
      {
        name: STREAM,
        subjects: [`${STREAM}.>`],
        retention: 'limits',
        storage: 'file',
        discard: 'new',
        num_replicas: replicas,
        max_msgs_per_subject: 1,
        discard_new_per_subject: false,
      },
      { timeout: PATIENCE },
    );
  } catch (error) {
    // An earlier attempt whose answer came too late.
    if (!(error instanceof JetStreamError) || error.code !== '10058') throw error;
  } finally {
    await connection.close();
  }
}

/** Whether the server leads the stream. */
export async function leadsStream(node: NodeSite): Promise<boolean> {
  const connection = await connect(node);
  try {
    const { server_name: name } = connection.info as unknown as { readonly server_name: string };
    const { cluster } = await ask<{ readonly cluster?: { readonly leader?: string } }>(
      connection,
      `$JS.API.STREAM.INFO.${STREAM}`,
      {},
      { timeout: PATIENCE },
    );
    return cluster?.leader === name;
  } finally {
    await connection.close();
  }
}
