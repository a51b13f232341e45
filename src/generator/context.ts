import type { Process } from '../../histories/op.ts';
import type { GeneratorContext, Thread } from './generator.ts';

/** The thread on which a process runs: each new process of thread `t` is numbered `concurrency` above the last. */
export function threadOf(process: Process, concurrency: number): Thread {
  return process === 'nemesis' ? process : process % concurrency;
}

/** The same context as seen by a generator that may use only some of the threads. */
export function restrict(context: GeneratorContext, keep: (thread: Thread) => boolean): GeneratorContext {
  return { ...context, threads: context.threads.filter(keep), free: context.free.filter(keep) };
}
