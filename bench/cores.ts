import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Measured } from './measured-campaign.ts';

const ONE_CAMPAIGN = fileURLToPath(new URL('./one-campaign.js', import.meta.url));

/** Lets a process use one core only. */
const ONE_CORE = ['taskset', '--cpu-list', '0'];

/**
 * How much more two cores do than one, as rows of a table. Each is measured in a process of its own, once its threads are
 * warm. A single thread that may use both cores has its garbage collected and its code compiled on the other.
 */
export async function cores(runs: number): Promise<string[][]> {
  const pinned = campaignApart(1, runs, ONE_CORE);
  const one = campaignApart(1, runs)!;
  const two = campaignApart(2, runs)!;
  const times = (rate: number) => `${(two.rate / rate).toFixed(2)} ×`;
  const rate = (measured: Measured | undefined) => measured?.rate.toFixed(1) ?? 'no taskset here';
  const cost = (measured: Measured | undefined) =>
    measured === undefined ? '-' : `${measured.cpu.toFixed(1)} ms`;
  return [
    ['runs a second (raft, 10 s under a swarm): one core', rate(pinned), ''],
    ['... one thread, whose helpers use the other core', rate(one), ''],
    ['... two threads', rate(two), ''],
    ['two cores against one', pinned === undefined ? '-' : times(pinned.rate), '1.8 ×'],
    ['two threads against one', times(one.rate), ''],
    ['two processes that only compute against one', `${(await ceiling()).toFixed(2)} ×`, ''],
    // On a busy machine this says more: twice as many threads are worth twice as much if no run costs more.
    ['CPU time of a run in each of the three', [pinned, one, two].map(cost).join(', '), 'equal'],
  ];
}

/** The usual runs on so many threads of another process; undefined where its cores can't be chosen. */
function campaignApart(threads: number, runs: number, before: readonly string[] = []): Measured | undefined {
  const [command, ...rest] = [...before, process.execPath, ONE_CAMPAIGN, String(threads), String(runs)];
  const done = spawnSync(command!, rest, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return done.status === 0 ? (JSON.parse(done.stdout) as Measured) : undefined;
}

/** How much more two processes get done than one that need nothing but a processor: what the machine gives at most. */
async function ceiling(): Promise<number> {
  const code = 'let x = 1; for (let i = 0; i < 2e9; i++) { x ^= x << 13; x ^= x >>> 17; x ^= x << 5; }';
  const seconds = async (processes: number) => {
    const began = performance.now();
    await Promise.all(
      Array.from({ length: processes }, () => once(spawn(process.execPath, ['-e', code]), 'exit')),
    );
    return performance.now() - began;
  };
  const one = await seconds(1);
  return (2 * one) / (await seconds(2));
}
