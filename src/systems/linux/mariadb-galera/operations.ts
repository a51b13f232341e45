import type { Connection } from 'mariadb';
import type { Completion, Invocation } from '../../../world/client.ts';

type MicroOperation = readonly [f: 'r' | 'append' | 'w', key: string, value: unknown];

/** Everything that the workloads use. Galera wants a primary key in each table. */
export const TABLES = [
  'CREATE TABLE IF NOT EXISTS lists (name VARCHAR(64) PRIMARY KEY, value LONGTEXT NOT NULL) ENGINE=InnoDB',
  'CREATE TABLE IF NOT EXISTS registers (name VARCHAR(64) PRIMARY KEY, value LONGTEXT NOT NULL) ENGINE=InnoDB',
  'CREATE TABLE IF NOT EXISTS elements (element BIGINT PRIMARY KEY) ENGINE=InnoDB',
];

/** Performs an operation of a workload within the transaction that is open. */
export async function perform(
  connection: Connection,
  workload: string,
  { f, value }: Invocation,
): Promise<Completion> {
  switch (f) {
    case 'txn': {
      const lists = workload === 'append';
      const done: MicroOperation[] = [];
      for (const operation of value as readonly MicroOperation[])
        done.push(await (lists ? performOnList : performOnRegister)(connection, operation));
      return { type: 'ok', value: done };
    }
    case 'add':
      await connection.query('INSERT INTO elements VALUES (?)', [value]);
      return { type: 'ok' };
    case 'read': {
      const rows = await connection.query<{ element: number }[]>('SELECT element FROM elements');
      return { type: 'ok', value: rows.map(({ element }) => Number(element)) };
    }
    default:
      throw new Error(`MariaDB does not serve ${f}`);
  }
}

/** A list is read and written whole, as an application would that keeps it in one column. */
async function performOnList(
  connection: Connection,
  [f, key, element]: MicroOperation,
): Promise<MicroOperation> {
  const list = (await storedValue(connection, 'lists', key)) as unknown[] | null;
  if (f === 'r') return [f, key, list ?? []];
  await setValue(connection, 'lists', key, [...(list ?? []), element]);
  return [f, key, element];
}

async function performOnRegister(
  connection: Connection,
  [f, key, value]: MicroOperation,
): Promise<MicroOperation> {
  if (f === 'r') return [f, key, await storedValue(connection, 'registers', key)];
  await setValue(connection, 'registers', key, value);
  return [f, key, value];
}

async function storedValue(
  connection: Connection,
  table: 'lists' | 'registers',
  key: string,
): Promise<unknown> {
  const rows = await connection.query<{ value: string }[]>(`SELECT value FROM ${table} WHERE name = ?`, [
    String(key),
  ]);
  return rows[0] === undefined ? null : JSON.parse(rows[0].value);
}

async function setValue(
  connection: Connection,
  table: 'lists' | 'registers',
  key: string,
  value: unknown,
): Promise<void> {
  const text = JSON.stringify(value);
  await connection.query(`INSERT INTO ${table} VALUES (?, ?) ON DUPLICATE KEY UPDATE value = VALUES(value)`, [
    String(key),
    text,
  ]);
}
