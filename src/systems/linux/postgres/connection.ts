import type { Client } from 'pg';
import type { NpmPackage } from '../../../world/process-deployment.ts';

export const PG: NpmPackage = { name: 'pg', version: '8.23.1' };

/** How long a connection may take to come about (ms): within one network, an age. */
const CONNECT_TIMEOUT = 3_000;

/** An open connection to one server, without retries. */
export async function connect(address: string): Promise<Client> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    host: address,
    port: 5432,
    user: 'postgres',
    // Patroni demands passwords; a single server trusts everybody in its network.
    password: 'momus',
    database: 'postgres',
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    keepAlive: true,
  });
  // Each query reports its error itself.
  client.on('error', () => {});
  await client.connect();
  return client;
}
