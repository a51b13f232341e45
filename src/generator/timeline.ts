import type { Nanos } from '../world/nanos.ts';
import type { Generator, Planned, Thread } from './generator.ts';

/** An operation with the time at which it begins, or as soon after as its thread is free. */
export interface Timed extends Planned {
  readonly at: Nanos;
}

/** Operations at given times on given threads; those of one thread keep their order. */
export function timeline(operations: readonly Timed[]): Generator {
  const queues = new Map<Thread, Timed[]>();
  for (const operation of operations) {
    const queue = queues.get(operation.thread);
    if (queue === undefined) queues.set(operation.thread, [operation]);
    else queue.push(operation);
  }
  for (const queue of queues.values()) queue.sort((a, b) => a.at - b.at).reverse();
  return {
    next({ time, free }) {
      let soonest: Timed | undefined;
      for (const [thread, queue] of queues) {
        const first = queue.at(-1);
        if (first === undefined) {
          queues.delete(thread);
        } else if (free.includes(thread) && (soonest === undefined || first.at < soonest.at)) {
          soonest = first;
        }
      }
      if (queues.size === 0) return 'done';
      // Everybody with something to do is busy: an event will come.
      if (soonest === undefined) return { pending: {} };
      if (soonest.at > time) return { pending: { until: soonest.at } };
      queues.get(soonest.thread)!.pop();
      const { at: _, ...op } = soonest;
      return { op };
    },
  };
}
