import { expect, test } from 'vitest';
import { Replica, Server } from '../../src/systems/sim/collab-text/replica.ts';
import { type Edit, perform, transform } from '../../src/systems/sim/collab-text/transform.ts';
import { randomOf } from '../../src/world/random.ts';

const NONE: ReadonlySet<string> = new Set();
const TEXT = ['a', 'b', 'c'];

/** Every edit that one author can make of the text. */
function editsOf(author: string): Edit[] {
  const inserts = [0, 1, 2, 3].map((at): Edit => ({ kind: 'insert', at, element: author, author }));
  const deletes = [0, 1, 2].map((at): Edit => ({ kind: 'delete', at }));
  return [...inserts, ...deletes, { kind: 'nothing' }];
}

function diamonds(bugs: ReadonlySet<string>): string[] {
  return editsOf('n1').flatMap((a) =>
    editsOf('n2').flatMap((b) => {
      const one = perform(perform(TEXT, a), transform(b, a, bugs));
      const other = perform(perform(TEXT, b), transform(a, b, bugs));
      return one.join() === other.join() ? [] : [`${a.kind} ${b.kind}`];
    }),
  );
}

test('every two edits come to the same text in either order', () => {
  expect(diamonds(NONE)).toEqual([]);
});

test('insert-ties: exactly two inserts at one place do not', () => {
  expect(diamonds(new Set(['insert-ties']))).toEqual(Array(4).fill('insert insert'));
});

/** Replicas that edit at random and talk to the server now and then, one edit at a time, some messages twice. */
function session(seed: number): { texts: string[]; edits: number } {
  const random = randomOf(seed);
  const server = new Server(NONE);
  const replicas = ['n1', 'n2', 'n3'].map((id) => new Replica(id, NONE));
  const talk = (replica: Replica) => {
    const [first] = replica.pending;
    if (first !== undefined) server.order(replica.revision, first);
    for (const edit of server.history.slice(replica.revision))
      if (random.chance(0.9)) replica.receive(edit);
      else break;
  };
  let made = 0;
  for (let i = 0; i < 60; i++) {
    const replica = random.pick(replicas);
    if (random.chance(0.4)) talk(replica);
    else if (random.chance(0.3) && replica.text.length > 0)
      replica.make({ kind: 'delete', at: random.int(replica.text.length) });
    else
      replica.make({
        kind: 'insert',
        at: random.int(replica.text.length + 1),
        element: ++made,
        author: replica.id,
      });
  }
  while (replicas.some(({ pending, revision }) => pending.length > 0 || revision < server.history.length))
    for (const replica of replicas) talk(replica);
  return { texts: replicas.map(({ text }) => text.join()), edits: server.history.length };
}

test('replicas come to one text, however late they hear of each other', () => {
  for (let seed = 1; seed <= 100; seed++) {
    const { texts, edits } = session(seed);
    expect(edits).toBeGreaterThan(20);
    expect(new Set(texts).size, `seed ${seed}: ${texts.join(' / ')}`).toBe(1);
  }
});
