import { lock as exclusive } from '../checkers/lock.ts';
import { stats } from '../checkers/stats.ts';
import type { Key } from '../histories/op.ts';
import type { Generator, Thread } from '../src/generator/generator.ts';
import { operations } from '../src/generator/operations.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { readEverywhere } from './final-reads.ts';
import type { Workload, WorkloadOptions } from './workload.ts';

const PARAMETERS = {
  locks: { type: 'integer', default: 3, min: 1, about: 'locks, each of which guards a resource' },
  'max-writes': {
    type: 'integer',
    default: 3,
    min: 0,
    about: 'writes of a holder to the resource, at most, before it releases the lock',
  },
} as const satisfies Parameters;

/** What a process that holds a lock is about to do. */
interface Holding {
  readonly key: Key;
  readonly token: number;
  writesLeft: number;
}

/**
 * Locks with leases and fencing tokens, the key being the lock's name. `acquire`: null → `{ token, lease }`: the holder
 * may rely on the lock for `lease` ns from the invocation on, or until it releases it; fails with `held`. `write`, to the
 * resource that the lock guards: `{ token, value }` → `{ after }`, the token of the write before;
 * fails with `fenced` where that is greater, with `lease-over` where the holder knows that its time is over. `release`:
 * the token; fails with `not-held`. No value is written twice. In the end each lock can be acquired.
 */
export const lock: Workload = {
  name: 'lock',
  about: 'clients acquire locks with leases, write to the resource that a lock guards, and release it',
  parameters: PARAMETERS,
  generator(options) {
    const { locks, 'max-writes': maxWrites } = typed(options);
    const holdings = new Map<Thread, Holding>();
    let written = 0;
    const ops = operations(({ random }, thread) => {
      const holding = holdings.get(thread);
      if (holding === undefined) return { f: 'acquire', key: keyOf(random.int(locks)), value: null };
      const { key, token } = holding;
      if (holding.writesLeft-- > 0) return { f: 'write', key, value: { token, value: ++written } };
      holdings.delete(thread);
      return { f: 'release', key, value: token };
    });
    return {
      next: ops.next,
      observe({ process, type, f, key, value }, { concurrency, random }) {
        if (process === 'nemesis' || type === 'invoke') return;
        const thread = process % concurrency;
        if (f === 'acquire' && type === 'ok') {
          const { token } = value as { readonly token: number };
          holdings.set(thread, { key: key!, token, writesLeft: random.between(0, maxWrites) });
        }
        // A new process takes the thread, and it knows of no lock.
        if (type === 'info') holdings.delete(thread);
      },
    };
  },
  finale: acquireEach,
  checkers({ guarantees }) {
    const out = [stats()];
    if (guarantees.includes('fencing')) out.unshift(exclusive({ fencing: true }));
    if (guarantees.includes('mutual-exclusion')) out.unshift(exclusive());
    return out;
  },
};

function typed({ parameters }: WorkloadOptions): ParameterValues<typeof PARAMETERS> {
  return parameters as ParameterValues<typeof PARAMETERS>;
}

function keyOf(i: number): Key {
  return `lock${i}`;
}

/** Acquires each lock once more: by now every lease is over. */
function acquireEach(options: WorkloadOptions): Generator {
  const { nodes, concurrency } = options;
  const keys = Array.from({ length: typed(options).locks }, (_, i) => keyOf(i));
  const acquisitions = keys.map((key) => ({ f: 'acquire', key, value: null }));
  return readEverywhere({ nodes: nodes.slice(0, 1), concurrency }, acquisitions);
}
