import { describe, expect, test } from 'vitest';
import { ConnectedClient } from '../../../../src/systems/linux/shared/connected-client.ts';
import type { Attempt } from '../../../../src/systems/linux/shared/server-client.ts';
import type { Completion, Invocation } from '../../../../src/world/client.ts';
import { randomOf } from '../../../../src/world/random.ts';

const NODES = ['n1', 'n2'].map((id, i) => ({
  id,
  number: i + 1,
  address: `192.0.2.${i + 1}`,
  data: `/${id}/data`,
  home: `/${id}/home`,
}));
const WRITE: Invocation = { f: 'write', value: 1 };

/** A client whose connections are their numbers, with what each step is to do. */
class Scripted extends ConnectedClient<number> {
  connections = 0;
  readonly ended: number[] = [];
  connecting: () => Promise<void> = async () => {};
  performing: (connection: number, attempt: Attempt) => Promise<Completion> = async (connection) => ({
    type: 'ok',
    value: [this.node.id, connection],
  });

  constructor() {
    super({ process: 0, nodes: NODES, random: randomOf(1), timeout: 1e9 }, [
      { match: 'refused', name: 'refused', definite: true },
    ]);
  }

  protected async connect(): Promise<number> {
    await this.connecting();
    return ++this.connections;
  }

  protected disconnect(connection: number): void {
    this.ended.push(connection);
  }

  protected override survives(error: unknown): boolean {
    return (error as Error).message === 'no';
  }

  protected performOn(connection: number, _: Invocation, attempt: Attempt): Promise<Completion> {
    return this.performing(connection, attempt);
  }
}

async function opened(): Promise<Scripted> {
  const client = new Scripted();
  await client.open('n2');
  return client;
}

describe('a client with one connection', () => {
  test('makes it once, to the node that it was opened for, and ends it when it is closed', async () => {
    const client = await opened();
    expect(await client.invoke(WRITE)).toEqual({ type: 'ok', value: ['n2', 1] });
    expect(await client.invoke(WRITE)).toEqual({ type: 'ok', value: ['n2', 1] });
    await client.close();
    expect(client.ended).toEqual([1]);
  });

  test('fails what came to nothing before anything was asked for, whatever the error', async () => {
    const client = await opened();
    client.connecting = () => Promise.reject(new Error('nobody is there'));
    expect(await client.invoke(WRITE)).toEqual({ type: 'fail', error: 'nobody is there' });
  });

  test('leaves open what may have changed something, unless its table knows better', async () => {
    const client = await opened();
    const says = (message: string) => async (_: number, attempt: Attempt) => {
      attempt.changes = true;
      throw new Error(message);
    };
    client.performing = says('the line went dead');
    expect(await client.invoke(WRITE)).toEqual({ type: 'info', error: 'the line went dead' });
    client.performing = says('refused by somebody');
    expect(await client.invoke(WRITE)).toEqual({ type: 'fail', error: 'refused' });
  });

  test('makes another after an error, except where the connection survives that', async () => {
    const client = await opened();
    for (const message of ['no', 'the line went dead']) {
      client.performing = () => Promise.reject(new Error(message));
      await client.invoke(WRITE);
    }
    expect(client.connections).toBe(1);
    expect(client.ended).toEqual([1]);
    client.performing = async (connection) => ({ type: 'ok', value: connection });
    expect(await client.invoke(WRITE)).toEqual({ type: 'ok', value: 2 });
  });

  test('ends a connection that comes about once it is closed, and asks nothing on it', async () => {
    const client = await opened();
    let arrive = () => {};
    client.connecting = () => new Promise((resolve) => (arrive = resolve));
    const answer = client.invoke(WRITE);
    await client.close();
    arrive();
    expect(await answer).toMatchObject({ type: 'fail' });
    expect(client.ended).toEqual([1]);
  });
});
