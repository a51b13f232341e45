import { table } from '../src/report/layout.ts';
import { benchLinuxClock } from './linux-clock.ts';

/** One thing measured. */
export interface Measure {
  readonly what: string;
  readonly measured: string;
}

const measures = await benchLinuxClock();
console.log(table([['measure', 'measured'], ...measures.map(({ what, measured }) => [what, measured])]));
