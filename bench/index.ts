import { cpus } from 'node:os';
import { table } from '../src/report/layout.ts';
import { benchHistories } from './histories.ts';
import { benchSim } from './sim.ts';

const { length: cores, 0: first } = cpus();
console.log(`Node ${process.version}, ${cores} cores, ${first?.model.trim() ?? 'unknown processor'}\n`);

const measures = await benchSim();
const histories = await benchHistories(300_000);
console.log(
  table([
    ['measure', 'measured', 'aim'],
    ...measures.map(({ what, measured, aim }) => [what, measured, aim]),
    ...histories
      .filter(({ work }) => /jsonl$/.test(work))
      .map(({ work, rate }) => [
        `history events a second: ${work}`,
        rate,
        work.startsWith('write and') ? '0.3 M' : '',
      ]),
  ]),
);
