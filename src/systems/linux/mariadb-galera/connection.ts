import type { Connection } from 'mariadb';
import type { NodeSite, NpmPackage } from '../../../world/process-deployment.ts';

export const MARIADB: NpmPackage = { name: 'mariadb', version: '3.5.4' };

export const CLIENT_PORT = 3306;

export const DATABASE = 'momus';

/** How long a connection may take to come about (ms): within one network, an age. */
const CONNECT_TIMEOUT = 3_000;

/** An open connection to one server, without retries. */
export async function connect({ address }: NodeSite, database?: string): Promise<Connection> {
  const mariadb = await import('mariadb');
  const connection = await mariadb.createConnection({
    host: address,
    port: CLIENT_PORT,
    user: 'momus',
    password: 'momus',
    connectTimeout: CONNECT_TIMEOUT,
    bigIntAsNumber: true,
    ...(database === undefined ? {} : { database }),
  });
  // Each query reports its error itself.
  connection.on('error', () => {});
  return connection;
}
