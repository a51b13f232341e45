import type { Executor } from '../src/campaign/chunk.ts';
import { localExecutor, performChunk } from '../src/campaign/local-executor.ts';
import { registry } from '../src/campaign/registry.ts';
import { CampaignRun } from '../src/campaign/run-campaign.ts';
import { RunPool } from '../src/campaign/run-pool.ts';
import { readCampaign } from '../src/spec/campaign-file.ts';
import { Store } from '../src/store/store.ts';

/** Runs of a usual length: raft for 10 s under a swarm of faults. How many is written behind it. */
export const USUAL = 'name: usual\nsystems: [raft]\nworkloads: [register]\ntimeLimit: 10s\nseeds: 1..';
/** Runs as short as they get, so that what the campaign adds shows most. */
export const SHORT =
  'name: short\nsystems: [paxos]\nnemeses: [none]\nnodes: 3\nconcurrency: 2\nrate: 10\ntimeLimit: 1s\nsettle: 100ms\nseeds: 1..';

/** Runs after which V8 has compiled what they need: until then one costs several times as much. */
const WARM_RUNS = 60;

/** Runs a second of real time, and milliseconds of CPU time a run, of all threads of this process. */
export interface Measured {
  readonly rate: number;
  readonly cpu: number;
}

/** Performs a campaign, whose store is in `folder`. */
export async function measured(
  text: string,
  make: () => Promise<Executor>,
  folder: string,
): Promise<Measured> {
  const executor = await make();
  const store = new Store(folder);
  store.prepare();
  const run = new CampaignRun(readCampaign(text, 'bench.yaml', registry), store, true);
  const began = performance.now();
  const before = process.cpuUsage();
  await run.perform(executor);
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - began) / 1e3;
  await executor.close();
  const { runs } = run.tally.total;
  return { rate: runs / seconds, cpu: (user + system) / 1e3 / runs };
}

/** A pool whose threads are up and warm. */
export async function warm(threads: number, text: string): Promise<Executor> {
  const pool = new RunPool({ threads });
  await warmUp(pool, text);
  return localExecutor(pool);
}

/** Has each thread of a pool perform such runs. */
export async function warmUp(pool: RunPool, text: string): Promise<void> {
  const { spec } = readCampaign(`${text}1`, 'warm.yaml', registry).cells[0]!.resolved;
  const seeds = Array.from({ length: WARM_RUNS }, (_, i) => 1_000_000 + i);
  const chunk = { cell: 'warm', spec, seeds, untilInvalid: false };
  // One for each thread: one that is busy is given no second.
  await Promise.all(Array.from({ length: pool.threads }, () => performChunk(chunk, pool)));
}
