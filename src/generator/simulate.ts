import type { Op, OpEvent } from '../../histories/op.ts';
import type { NodeId } from '../faults/fault.ts';
import type { Completion } from '../world/client.ts';
import { MILLISECOND, type Nanos } from '../world/nanos.ts';
import { RandomStream } from '../world/random.ts';
import type { Generator, GeneratorContext, Planned, Thread } from './generator.ts';

/** What becomes of an operation in a simulation without a world, and how long after its invocation. */
export interface SimulatedCompletion extends Completion {
  readonly after: Nanos;
}

export interface SimulateOptions {
  /** Client threads; default 3. The nemesis comes on top. */
  readonly concurrency?: number;
  readonly nodes?: readonly NodeId[];
  readonly random?: RandomStream;
  /** The model of latency and outcome; by default everything is ok after 10 ms. */
  readonly complete?: (op: Planned, context: GeneratorContext) => SimulatedCompletion;
  /** Events after which an endless generator is cut off; default 10,000. */
  readonly maxEvents?: number;
}

interface Running {
  readonly op: Planned;
  readonly end: Nanos;
  readonly completion: Completion;
}

const OK_AFTER_10_MS: SimulatedCompletion = { type: 'ok', after: 10 * MILLISECOND };

/**
 * The history that a generator would make if each operation took as long, and ended, as `complete` says: for testing
 * generators without a world. Throws when the generator can never go on.
 */
export function simulateGenerator(generator: Generator, options: SimulateOptions = {}): Op[] {
  const { concurrency = 3, nodes = ['n1', 'n2', 'n3'], random = new RandomStream('simulate') } = options;
  const { complete = () => OK_AFTER_10_MS, maxEvents = 10_000 } = options;
  const threads: Thread[] = [...Array.from({ length: concurrency }, (_, i) => i), 'nemesis'];
  const processes = new Map(threads.map((thread) => [thread, thread]));
  const running = new Map<Thread, Running>();
  const events: Op[] = [];
  let time = 0;
  const context = (): GeneratorContext => {
    const free = threads.filter((thread) => !running.has(thread));
    return { time, random, nodes, concurrency, threads, free };
  };
  const record = (op: Planned, event: Pick<OpEvent, 'type' | 'value' | 'error'>): void => {
    const { f, key, node, thread } = op;
    events.push({ index: events.length, time, process: processes.get(thread)!, f, key, node, ...event });
    generator.observe?.(events.at(-1)!, context());
  };
  while (events.length < maxEvents) {
    const step = generator.next(context());
    if (step !== 'done' && 'op' in step) {
      const { op } = step;
      const { after, ...completion } = complete(op, context());
      running.set(op.thread, { op, end: time + after, completion });
      record(op, { type: 'invoke', value: op.value });
      continue;
    }
    const first = earliest(running.values());
    const until = step === 'done' ? undefined : step.pending.until;
    if (first !== undefined && (until === undefined || first.end <= until)) {
      const { op, completion } = first;
      time = first.end;
      running.delete(op.thread);
      record(op, { ...completion, value: completion.value === undefined ? op.value : completion.value });
      const process = processes.get(op.thread)!;
      if (completion.type === 'info' && process !== 'nemesis')
        processes.set(op.thread, process + concurrency);
      continue;
    }
    if (step === 'done') return events;
    if (until === undefined) throw new Error('the generator waits, and nothing is under way');
    if (until <= time) throw new Error(`the generator waits until ${until} ns, which has passed`);
    time = until;
  }
  return events;
}

/** The one that ends first; of several, the one that began first. */
function earliest(running: Iterable<Running>): Running | undefined {
  let first: Running | undefined;
  for (const one of running) if (first === undefined || one.end < first.end) first = one;
  return first;
}
