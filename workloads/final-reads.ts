import type { Generator } from '../src/generator/generator.ts';
import { limit, timeLimit } from '../src/generator/limits.ts';
import { type Draft, repeat } from '../src/generator/operations.ts';
import { delay } from '../src/generator/pace.ts';
import { sequence } from '../src/generator/sequence.ts';
import { eachThread } from '../src/generator/threads.ts';
import { untilOk } from '../src/generator/until-ok.ts';
import { MILLISECOND, SECOND } from '../src/world/nanos.ts';
import type { WorkloadOptions } from './workload.ts';

/** A system that is healed and settled should answer at once; one that needs an election may need a few tries. */
const TRIES = 5;
const BETWEEN_TRIES = 500 * MILLISECOND;
/** After this long, what has not been read stays unread. */
export const FINALE_BOUND = 60 * SECOND;

/** The operation until it succeeds, within bounds. */
export function persistent(operation: Draft): Generator {
  return untilOk(limit(TRIES, delay(BETWEEN_TRIES, repeat(operation))));
}

/** Each of these reads on every node until it succeeds, within bounds; the threads share them out. */
export function readEverywhere(
  { nodes, concurrency }: Pick<WorkloadOptions, 'nodes' | 'concurrency'>,
  reads: readonly Draft[],
): Generator {
  const all = reads.flatMap((read) => nodes.map((node) => ({ ...read, node })));
  const ofThread = (thread: unknown) => all.filter((_, i) => i % concurrency === thread);
  return timeLimit(
    FINALE_BOUND,
    eachThread((thread) => sequence(...ofThread(thread).map(persistent))),
  );
}
