import { threadOf } from './context.ts';
import type { Generator, Thread } from './generator.ts';

/** A generator's operations until one of them is ok. */
export function untilOk(generator: Generator): Generator {
  const open = new Set<Thread>();
  let ok = false;
  return {
    next(context) {
      if (ok) return 'done';
      const step = generator.next(context);
      if (step !== 'done' && 'op' in step) open.add(step.op.thread);
      return step;
    },
    observe(event, context) {
      if (event.type !== 'invoke' && open.delete(threadOf(event.process, context.concurrency)))
        ok ||= event.type === 'ok';
      generator.observe?.(event, context);
    },
  };
}
