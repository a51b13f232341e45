import { table } from '../src/report/layout.ts';
import { benchLinuxClock } from './linux-clock.ts';
import { benchLinuxDisk } from './linux-disk.ts';
import { benchLinuxNetwork } from './linux-network.ts';

/** One thing measured. */
export interface Measure {
  readonly what: string;
  readonly measured: string;
}

const measures = [...(await benchLinuxNetwork()), ...(await benchLinuxClock()), ...(await benchLinuxDisk())];
console.log(table([['measure', 'measured'], ...measures.map(({ what, measured }) => [what, measured])]));
