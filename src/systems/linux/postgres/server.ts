import { ALL_MONEY, FIRST_ACCOUNT } from '../../../world/bank-accounts.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { NodeSite, ServerBinary } from '../../../world/process-deployment.ts';
import { connect } from './connection.ts';

/** Where Debian puts the programs of PostgreSQL 15. */
export const BIN = '/usr/lib/postgresql/15/bin';

export const POSTGRES: ServerBinary = {
  binary: `${BIN}/postgres`,
  package: 'postgresql-15',
  version: [`${BIN}/postgres`, '--version'],
};

/** Everything that the workloads use. */
export const TABLES = [
  'CREATE TABLE lists (key text PRIMARY KEY, value jsonb NOT NULL)',
  'CREATE TABLE registers (key text PRIMARY KEY, value jsonb)',
  'CREATE TABLE elements (element bigint PRIMARY KEY)',
  'CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL)',
  `INSERT INTO accounts VALUES (${FIRST_ACCOUNT}, ${ALL_MONEY})`,
].join('; ');

/** Whether the server takes queries. */
export async function answers({ address }: NodeSite): Promise<boolean> {
  const connection = await connect(address);
  try {
    await connection.query('SELECT 1');
    return true;
  } finally {
    connection.end().catch(() => {});
  }
}

/** What the server says the time is. */
export async function serverTime({ address }: NodeSite): Promise<Nanos> {
  const connection = await connect(address);
  try {
    const { rows } = await connection.query(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS micros',
    );
    return Number(rows[0].micros) * 1e3;
  } finally {
    connection.end().catch(() => {});
  }
}
