import type { Process } from '../../histories/op.ts';
import type { GeneratorContext, Thread } from './generator.ts';

/** The thread on which a process runs: each new process of thread `t` is numbered `concurrency` above the last. */
export function threadOf(process: Process, concurrency: number): Thread {
  return process === 'nemesis' ? process : process % concurrency;
}

/**
 * Shows contexts as a generator sees them that may use only some of the threads. Contexts come by the thousand and most
 * have the same lists as the one before, so what was made of those is kept.
 */
export function restriction(
  keep: (thread: Thread) => boolean,
): (context: GeneratorContext) => GeneratorContext {
  let allThreads: readonly Thread[] | undefined;
  let allFree: readonly Thread[] | undefined;
  let threads: readonly Thread[] = [];
  let free: readonly Thread[] = [];
  return (context) => {
    if (context.threads !== allThreads) {
      allThreads = context.threads;
      threads = allThreads.filter(keep);
    }
    if (context.free !== allFree) {
      allFree = context.free;
      free = allFree.filter(keep);
    }
    const { time, random, nodes, concurrency } = context;
    return { time, random, nodes, concurrency, threads, free };
  };
}
