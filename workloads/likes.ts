import { linearizable } from '../checkers/linearizable/linearizable.ts';
import { stats } from '../checkers/stats.ts';
import type { Key } from '../histories/op.ts';
import type { Generator } from '../src/generator/generator.ts';
import { type Draft, operations } from '../src/generator/operations.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { ActiveKeys } from './active-keys.ts';
import { readEverywhere } from './final-reads.ts';
import { promisesLinearizability } from './promises.ts';
import type { Workload, WorkloadOptions } from './workload.ts';

const PARAMETERS = {
  posts: { type: 'integer', default: 3, min: 1, about: 'posts that are liked at a time' },
  users: { type: 'integer', default: 3, min: 1, about: 'users who like them' },
  'max-updates': {
    type: 'integer',
    default: 30,
    min: 1,
    about: 'updates of a post before another takes its place',
  },
  reads: { type: 'probability', default: 0.4, about: 'share of reads among the operations' },
} as const satisfies Parameters;

/**
 * Who likes which post (Kleppmann's lecture notes, 5.1): a set, so that adding twice does no harm; but a retried `add` that
 * comes after a `remove` does. The key is the post, the value the user. `add` and `remove` → whether that changed
 * anything; `contains` → whether the user likes the post. In the end each of these is asked for.
 */
export const likes: Workload = {
  name: 'likes',
  about: 'users like posts and take it back, and see who likes what',
  parameters: PARAMETERS,
  generator({ parameters }) {
    const { posts, users, 'max-updates': most, reads } = typed(parameters);
    const keys = new ActiveKeys(posts, most);
    return operations(({ random }) => {
      const slot = random.int(posts);
      const value = random.between(1, users);
      if (random.chance(reads)) return { f: 'contains', key: keys.key(slot), value };
      const [key] = keys.write(slot);
      return { f: random.chance(0.5) ? 'add' : 'remove', key, value };
    });
  },
  finale: askForEach,
  checkers: ({ guarantees }) =>
    promisesLinearizability(guarantees) ? [linearizable({ model: 'set' }), stats()] : [stats()],
};

function typed(parameters: WorkloadOptions['parameters']): ParameterValues<typeof PARAMETERS> {
  return parameters as ParameterValues<typeof PARAMETERS>;
}

/** On one node: who serves all nodes alike needs no more, and who doesn't is found out by the updates. */
function askForEach({ nodes, concurrency, parameters }: WorkloadOptions): Generator {
  const posts = new Set<Key>();
  const { users } = typed(parameters);
  let asking: Generator | undefined;
  return {
    next(context) {
      asking ??= readEverywhere({ nodes: nodes.slice(0, 1), concurrency }, questions([...posts], users));
      return asking.next(context);
    },
    observe(event, context) {
      if (asking !== undefined) asking.observe?.(event, context);
      else if (event.key !== undefined) posts.add(event.key);
    },
  };
}

function questions(posts: readonly Key[], users: number): Draft[] {
  return posts.flatMap((key) =>
    Array.from({ length: users }, (_, i) => ({ f: 'contains', key, value: i + 1 })),
  );
}
