import type { NodeId } from '../faults/fault.ts';
import { threadOf } from './context.ts';
import type { Generator, Thread } from './generator.ts';

/** A generator's operations until one of them is ok, and that on the node it was meant for where it names one. */
export function untilOk(generator: Generator): Generator {
  const open = new Map<Thread, NodeId | undefined>();
  let ok = false;
  return {
    next(context) {
      if (ok) return 'done';
      const step = generator.next(context);
      if (step !== 'done' && 'op' in step) open.set(step.op.thread, step.op.node);
      return step;
    },
    observe(event, context) {
      const thread = threadOf(event.process, context.concurrency);
      if (event.type !== 'invoke' && open.has(thread)) {
        const meant = open.get(thread);
        open.delete(thread);
        // A client that turns to another node says so.
        ok ||= event.type === 'ok' && (meant ?? event.node) === (event.node ?? meant);
      }
      generator.observe?.(event, context);
    },
  };
}
