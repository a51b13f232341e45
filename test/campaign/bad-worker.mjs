// A worker in place of the real one: its seeds say how each run ends.
import { setTimeout as sleep } from 'node:timers/promises';

const HEARTBEAT = 1;
const RUNS_DONE = 0;
const STOP = 2;
const JUDGING = 3;

export async function runSeeds({ seeds, apart, signs }) {
  const results = [];
  for (const seed of seeds) {
    Atomics.add(signs, HEARTBEAT, 1);
    if (seed === 'throw') throw new Error('thrown');
    if (seed === 'exit') process.exit(3);
    if (seed === 'loop') for (;;);
    if (seed === 'judge' && !apart) {
      Atomics.store(signs, JUDGING, 1);
      process.exit(3);
    }
    if (seed === 'wait') while (Atomics.load(signs, STOP) === 0) await sleep(5);
    results.push({ state: 'stopped', seed, run: undefined });
    Atomics.add(signs, RUNS_DONE, 1);
  }
  return results;
}
