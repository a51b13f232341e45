import type { Key } from '../../histories/op.ts';
import type { NodeId } from '../faults/fault.ts';
import type { Generator, GeneratorContext, Planned, Step, Thread } from './generator.ts';
import { WAIT } from './step.ts';

/** An operation that has no thread yet. */
export interface Draft {
  readonly f: string;
  readonly value: unknown;
  readonly key?: Key | undefined;
  /** The node that must serve it; by default the one that the thread is bound to. */
  readonly node?: NodeId | undefined;
}

/** Operations without end, each made by `make` for a free thread drawn at random. */
export function operations(make: (context: GeneratorContext, thread: Thread) => Draft): Generator {
  return {
    next(context) {
      const thread = drawFree(context);
      return thread === null ? WAIT : plan(make(context, thread), thread);
    },
  };
}

/** The same operation over and over. */
export function repeat(draft: Draft): Generator {
  return operations(() => draft);
}

/** One operation. */
export function once(draft: Draft): Generator {
  let given = false;
  return {
    next(context) {
      if (given) return 'done';
      const thread = drawFree(context);
      if (thread === null) return WAIT;
      given = true;
      return plan(draft, thread);
    },
  };
}

/** At random, so that all threads do about the same work. */
function drawFree({ free, random }: GeneratorContext): Thread | null {
  if (free.length < 2) return free[0] ?? null;
  return random.pick(free);
}

function plan(draft: Draft, thread: Thread): Step {
  const op: Planned = { f: draft.f, value: draft.value, key: draft.key, node: draft.node, thread };
  return { op };
}
