import type { Completion } from '../../../world/client.ts';
import { type ZooKeeperConnection, ZooKeeperError } from './connection.ts';

/** Elements of the queue are children of the root with this prefix, and a number that ZooKeeper gives them. */
const PREFIX = 'queue-';

/** The number's width; it is filled up with zeros. */
const DIGITS = 10;

export function enqueue(connection: ZooKeeperConnection, value: unknown): Promise<void> {
  return connection.createSequential(`/${PREFIX}`, JSON.stringify(value));
}

/**
 * Takes the first element (ZooKeeper's own recipe): whoever deletes its node has it. All before it were taken before, since
 * numbers only grow. `onChange` is called before the first request that changes anything.
 */
export async function dequeue(
  connection: ZooKeeperConnection,
  { sync, onChange }: { readonly sync: boolean; onChange(): void },
): Promise<Completion> {
  for (;;) {
    if (sync) await connection.sync('/');
    const names = (await connection.children('/')).filter((name) => name.startsWith(PREFIX));
    if (names.length === 0) return { type: 'fail', error: 'empty' };
    for (const name of names.sort(byNumber)) {
      const node = await connection.read(`/${name}`);
      if (node === null) continue;
      onChange();
      try {
        await connection.delete(`/${name}`);
        return { type: 'ok', value: JSON.parse(node.data) };
      } catch (error) {
        // Somebody else has it.
        if (!(error instanceof ZooKeeperError && error.code === 'NoNode')) throw error;
      }
    }
  }
}

function byNumber(a: string, b: string): number {
  return Number(a.slice(-DIGITS)) - Number(b.slice(-DIGITS));
}
