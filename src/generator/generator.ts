import type { Op } from '../../histories/op.ts';
import type { NodeId } from '../faults/fault.ts';
import type { Invocation } from '../world/client.ts';
import type { Nanos } from '../world/nanos.ts';
import type { RandomStream } from '../world/random.ts';

/** A source of concurrency: client threads are 0, 1, 2 ...; a thread runs one process after another. */
export type Thread = number | 'nemesis';

/** What a generator sees when it is asked. */
export interface GeneratorContext {
  readonly time: Nanos;
  readonly random: RandomStream;
  readonly nodes: readonly NodeId[];
  /** Client threads of the whole test; process `p` runs on thread `p % concurrency`. */
  readonly concurrency: number;
  /** The threads this generator may use, busy or not, in order. */
  readonly threads: readonly Thread[];
  /** Those of them with no operation open. */
  readonly free: readonly Thread[];
}

/** An operation that is to begin now. */
export interface Planned extends Invocation {
  readonly thread: Thread;
  /** Overrides the node that the thread is bound to. */
  readonly node?: NodeId | undefined;
}

/** Nothing now: ask again after the next event, or at `until` if that comes first. */
export interface Pending {
  readonly until?: Nanos;
}

/** Nothing ever again. */
export type Done = 'done';

export type Step = { readonly op: Planned } | { readonly pending: Pending } | Done;

/**
 * A source of operations, pulled by the controller. A generator has state and is used up: whatever `next` gives is
 * performed. `observe` tells it each event of the history, its own operations' and the others'.
 */
export interface Generator {
  next(context: GeneratorContext): Step;
  observe?: ((event: Op, context: GeneratorContext) => void) | undefined;
}
