import { restrict, threadOf } from './context.ts';
import type { Generator, GeneratorContext, Thread } from './generator.ts';
import { askInTurn } from './step.ts';

/** Only the threads that `keep` admits: the generator sees, uses and observes no others. */
export function onThreads(keep: (thread: Thread) => boolean, generator: Generator): Generator {
  return {
    next: (context) => generator.next(restrict(context, keep)),
    observe(event, context) {
      if (generator.observe === undefined || !keep(threadOf(event.process, context.concurrency))) return;
      generator.observe(event, restrict(context, keep));
    },
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
 * Divides the threads, as they are when the generator is first used, into teams. The team of a free thread drawn at
 * random is asked first, so that each gets its share. Done when every team is.
 */
export function teams(divide: (threads: readonly Thread[]) => readonly Team[]): Generator {
  let all: readonly Team[] | undefined;
  const indexOf = new Map<Thread, number>();
  const teamsOf = (context: GeneratorContext): readonly Team[] => {
    if (all === undefined) {
      all = divide(context.threads);
      all.forEach((team, i) => {
        for (const thread of team.threads) indexOf.set(thread, i);
      });
    }
    return all;
  };
  return {
    next(context) {
      const those = teamsOf(context);
      const free: Thread[][] = those.map(() => []);
      for (const thread of context.free) free[indexOf.get(thread)!]!.push(thread);
      const drawn = context.free.length > 0 ? context.random.pick(context.free) : context.threads[0];
      const start = drawn === undefined ? 0 : indexOf.get(drawn)!;
      return askInTurn(those.length, start, (i) => {
        const { threads, generator } = those[i]!;
        return generator.next({ ...context, threads, free: free[i]! });
      });
    },
    observe(event, context) {
      const those = teamsOf(context);
      const i = indexOf.get(threadOf(event.process, context.concurrency));
      if (i === undefined) return;
      const { threads, generator } = those[i]!;
      if (generator.observe === undefined) return;
      const free = context.free.filter((thread) => indexOf.get(thread) === i);
      generator.observe(event, { ...context, threads, free });
    },
  };
}
