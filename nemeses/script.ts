import type { Op } from '../histories/op.ts';
import type { Fault } from '../src/faults/fault.ts';
import type { Generator } from '../src/generator/generator.ts';
import type { Nanos } from '../src/world/nanos.ts';

/** What a script does next: inject a fault (or a repair), or let time pass. */
export type Move = Fault | { readonly wait: Nanos };

/** A schedule of faults, written as a function* that yields moves and gets back the time at which it goes on. */
export type Script = IterableIterator<Move, void, Nanos>;

/**
 * A script as a generator on the nemesis thread. The script is resumed only while that thread is free, so it draws each
 * fault at the moment it happens. `observe` sees every event of the history.
 */
export function scripted(script: Script, observe: (event: Op) => void = () => {}): Generator {
  let wake: Nanos = 0;
  return {
    next({ time, free }) {
      if (!free.includes('nemesis')) return { pending: {} };
      for (;;) {
        if (time < wake) return { pending: { until: wake } };
        const { value: move, done } = script.next(time);
        if (done) return 'done';
        if ('wait' in move) {
          wake = time + move.wait;
        } else {
          const { kind, ...rest } = move;
          return { op: { thread: 'nemesis', f: kind, value: rest } };
        }
      }
    },
    observe,
  };
}
