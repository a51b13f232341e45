import type { Key } from '../../histories/op.ts';
import type { Generator } from './generator.ts';
import { chain } from './sequence.ts';
import { type Team, teams } from './threads.ts';
import { map } from './transform.ts';

/**
 * Many independent keys, some of them at a time: the threads form teams of `threadsPerKey` (the last of what remains),
 * and each team works on one key until that key's generator is done, then takes the next. `make` gives the operations
 * of one key, which get it as their `key`. Jepsen's `independent/concurrent-generator`.
 */
export function concurrentKeys(
  threadsPerKey: number,
  keys: Iterable<Key>,
  make: (key: Key) => Generator,
): Generator {
  const waiting = keys[Symbol.iterator]();
  const nextKey = (): Generator | null => {
    const { done, value } = waiting.next();
    return done === true ? null : ofKey(value, make(value));
  };
  return teams((threads) => {
    const all: Team[] = [];
    for (let i = 0; i < threads.length; i += threadsPerKey)
      all.push({ threads: threads.slice(i, i + threadsPerKey), generator: chain(nextKey) });
    return all;
  });
}

/** A generator whose operations are about `key`, and which observes only what happens to that. */
function ofKey(key: Key, generator: Generator): Generator {
  const keyed = map((op) => ({ ...op, key }), generator);
  return {
    next: keyed.next,
    observe(event, context) {
      if (event.key === key) generator.observe?.(event, context);
    },
  };
}
