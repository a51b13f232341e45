import { cpus } from 'node:os';
import { benchCausal } from './causal.ts';
import { benchHistories } from './histories.ts';
import { benchLinearizable } from './linearizable.ts';
import { isWanted } from './measuring.ts';
import { benchTransactions } from './transactions.ts';

console.log(
  `Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
);

await benchLinearizable(console.log);
benchCausal(console.log);
benchTransactions(console.log);
if (isWanted('histories')) {
  for (const { work, seconds, rate } of await benchHistories())
    console.log(`histories, ${work}: ${seconds.toFixed(2)} s CPU, ${rate}`);
}
