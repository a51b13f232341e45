import fc from 'fast-check';
import { historyOf } from '../../../histories/builder.ts';
import type { History } from '../../../histories/history.ts';
import type { OpEvent } from '../../../histories/op.ts';
import type { Applied, SequentialObject } from './brute-force.ts';

/** One choice of the random scheduler. */
interface Choice {
  readonly thread: number;
  /** Which operation to begin. */
  readonly pick: number;
  /** How it ends, and whether its result is a lie. */
  readonly end: number;
  /** A false result. */
  readonly lie: number;
  /** Whether it takes effect when it is invoked or when it completes. */
  readonly late: boolean;
}

export interface SmallHistories<S> {
  readonly object: SequentialObject<S>;
  /** The `pick`-th operation; `serial` is a number not used before. */
  invocation(pick: number, serial: number): { readonly f: string; readonly value: unknown };
  /** A wrong result for `f`. */
  lie(f: string, value: unknown, lie: number): Omit<Applied<S>, 'state'>;
  /** One completed operation in so many lies; 4 unless told otherwise. */
  readonly honesty?: number;
  /** One operation in so many never completes; 6 unless told otherwise. */
  readonly completeness?: number;
}

const THREADS = 4;

/**
 * Histories of at most `size` operations by four threads on one object. Most results are those of an object
 * that really exists, so that right histories are common; some are lies, some operations never complete.
 */
export function smallHistories<S>(spec: SmallHistories<S>, size = 8): fc.Arbitrary<History> {
  const choice = fc.record({
    thread: fc.nat(THREADS - 1),
    pick: fc.nat(999),
    end: fc.nat(999),
    lie: fc.nat(999),
    late: fc.boolean(),
  });
  return fc.array(choice, { minLength: 4, maxLength: size * 2 }).map((choices) => play(spec, choices));
}

function play<S>(spec: SmallHistories<S>, choices: readonly Choice[]): History {
  const events: OpEvent[] = [];
  const open = new Map<
    number,
    { process: number; f: string; value: unknown; applied?: ReturnType<typeof spec.object.apply> }
  >();
  const processes = Array.from({ length: THREADS }, (_, thread) => thread);
  let state = spec.object.init;
  let serial = 0;
  const take = (f: string, value: unknown) => {
    const applied = spec.object.apply(state, f, value);
    state = applied.state;
    return applied;
  };
  for (const { thread, pick, end, lie, late } of choices) {
    const time = events.length * 1e6;
    const doing = open.get(thread);
    if (doing === undefined) {
      const { f, value } = spec.invocation(pick, serial++);
      const process = processes[thread]!;
      events.push({ time, process, type: 'invoke', f, value });
      open.set(thread, late ? { process, f, value } : { process, f, value, applied: take(f, value) });
      continue;
    }
    open.delete(thread);
    const { process, f, value } = doing;
    if (end % (spec.completeness ?? 6) === 0) {
      events.push({ time, process, type: 'info', f, value });
      processes[thread] = process + THREADS;
      continue;
    }
    const truth = doing.applied ?? take(f, value);
    const honesty = spec.honesty ?? 4;
    const result = Math.floor(end / 6) % honesty === 0 ? spec.lie(f, value, lie) : truth;
    const { type, error } = result;
    events.push({ time, process, type, f, value: result.value, ...(error === undefined ? {} : { error }) });
  }
  return historyOf(events);
}
