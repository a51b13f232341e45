import { restriction, threadOf } from './context.ts';
import type { Generator, Thread } from './generator.ts';
import { askInTurn } from './step.ts';

/** Only the threads that `keep` admits: the generator sees, uses and observes no others. */
export function onThreads(keep: (thread: Thread) => boolean, generator: Generator): Generator {
  const restrict = restriction(keep);
  const observe = generator.observe?.bind(generator);
  return {
    next: (context) => generator.next(restrict(context)),
    observe:
      observe &&
      ((event, context) => {
        if (keep(threadOf(event.process, context.concurrency))) observe(event, restrict(context));
      }),
  };
}

/** Only client threads. */
export function onClients(generator: Generator): Generator {
  return onThreads((thread) => thread !== 'nemesis', generator);
}

/** Only the nemesis. */
export function onNemesis(generator: Generator): Generator {
  return onThreads((thread) => thread === 'nemesis', generator);
}

/** A generator of its own for each thread; done when all are. */
export function eachThread(make: (thread: Thread) => Generator): Generator {
  return teams((threads) => threads.map((thread) => ({ threads: [thread], generator: make(thread) })));
}

/**
 * The first so many threads for one generator, the next so many for another, and the rest for the last:
 * `reserve([[5, writes], [2, cas]], reads)`. Done when all are.
 */
export function reserve(
  shares: readonly (readonly [count: number, generator: Generator])[],
  rest: Generator,
): Generator {
  return teams((threads) => {
    let taken = 0;
    const reserved = shares.map(([count, generator]) => {
      const team = { threads: threads.slice(taken, taken + count), generator };
      taken += count;
      return team;
    });
    return [...reserved, { threads: threads.slice(taken), generator: rest }];
  });
}

/** Threads that share a generator which nobody else uses. */
export interface Team {
  readonly threads: readonly Thread[];
  readonly generator: Generator;
}

/**
 * Divides the threads into teams when first asked, and observes from then on. The team of a free thread drawn at random
 * is asked first, so that each gets its share. Done when every team is.
 */
export function teams(divide: (threads: readonly Thread[]) => readonly Team[]): Generator {
  let all: readonly Team[] | undefined;
  const numberOf = new Map<Thread, number>();
  return {
    next(context) {
      if (all === undefined) {
        all = divide(context.threads);
        for (const [i, team] of all.entries()) for (const thread of team.threads) numberOf.set(thread, i);
      }
      const those = all;
      const free: Thread[][] = those.map(() => []);
      for (const thread of context.free) free[numberOf.get(thread)!]!.push(thread);
      const drawn = context.free.length > 0 ? context.random.pick(context.free) : context.threads[0];
      const start = drawn === undefined ? 0 : numberOf.get(drawn)!;
      return askInTurn(those.length, start, (i) => {
        const { threads, generator } = those[i]!;
        return generator.next({ ...context, threads, free: free[i]! });
      });
    },
    observe(event, context) {
      const number = numberOf.get(threadOf(event.process, context.concurrency));
      if (all === undefined || number === undefined) return;
      const { threads, generator } = all[number]!;
      if (generator.observe === undefined) return;
      const free = context.free.filter((thread) => numberOf.get(thread) === number);
      generator.observe(event, { ...context, threads, free });
    },
  };
}
