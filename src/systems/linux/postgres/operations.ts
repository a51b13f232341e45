import type { Client as Connection } from 'pg';
import type { Completion, Invocation } from '../../../world/client.ts';

type MicroOperation = readonly [f: 'r' | 'append' | 'w', key: string, value: unknown];

interface Transfer {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

/** Performs an operation of a workload within the transaction that is open. `fail`: it is to be rolled back. */
export async function perform(
  connection: Connection,
  workload: string,
  { f, value }: Invocation,
): Promise<Completion> {
  switch (f) {
    case 'txn':
      return { type: 'ok', value: await transact(connection, workload, value as readonly MicroOperation[]) };
    case 'add':
      await connection.query('INSERT INTO elements VALUES ($1)', [value]);
      return { type: 'ok' };
    case 'transfer':
      return transfer(connection, value as Transfer);
    case 'read':
      return {
        type: 'ok',
        value: workload === 'bank' ? await balances(connection) : await elements(connection),
      };
    default:
      throw new Error(`PostgreSQL does not serve ${f}`);
  }
}

async function transact(
  connection: Connection,
  workload: string,
  operations: readonly MicroOperation[],
): Promise<MicroOperation[]> {
  const lists = workload === 'append';
  const done: MicroOperation[] = [];
  for (const [f, key, value] of operations) {
    if (f === 'r') {
      const table = lists ? 'lists' : 'registers';
      const { rows } = await connection.query(`SELECT value FROM ${table} WHERE key = $1`, [key]);
      done.push([f, key, rows[0]?.value ?? (lists ? [] : null)]);
      continue;
    }
    if (lists) await append(connection, key, value);
    else await write(connection, key, value);
    done.push([f, key, value]);
  }
  return done;
}

function append(connection: Connection, key: string, element: unknown): Promise<unknown> {
  return connection.query(
    'INSERT INTO lists VALUES ($1, jsonb_build_array($2::jsonb)) ' +
      'ON CONFLICT (key) DO UPDATE SET value = lists.value || $2::jsonb',
    [key, JSON.stringify(element)],
  );
}

function write(connection: Connection, key: string, value: unknown): Promise<unknown> {
  return connection.query(
    'INSERT INTO registers VALUES ($1, $2::jsonb) ON CONFLICT (key) DO UPDATE SET value = $2::jsonb',
    [key, JSON.stringify(value)],
  );
}

/** Reads both balances, then writes both, as an application would. */
async function transfer(connection: Connection, { from, to, amount }: Transfer): Promise<Completion> {
  const held = new Map(Object.entries(await balances(connection)));
  const source = held.get(String(from)) ?? 0;
  if (source < amount) return { type: 'fail', error: 'insufficient' };
  await setBalance(connection, from, source - amount);
  await setBalance(connection, to, (held.get(String(to)) ?? 0) + amount);
  return { type: 'ok' };
}

function setBalance(connection: Connection, account: number, balance: number): Promise<unknown> {
  return connection.query(
    'INSERT INTO accounts VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET balance = $2',
    [account, balance],
  );
}

async function balances(connection: Connection): Promise<Record<string, number>> {
  const { rows } = await connection.query('SELECT id, balance FROM accounts');
  return Object.fromEntries(rows.map(({ id, balance }) => [String(id), Number(balance)]));
}

async function elements(connection: Connection): Promise<number[]> {
  const { rows } = await connection.query('SELECT element FROM elements');
  return rows.map(({ element }) => Number(element));
}
