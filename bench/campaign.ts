import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Executor } from '../src/campaign/chunk.ts';
import { localExecutor } from '../src/campaign/local-executor.ts';
import { queueExecutor } from '../src/campaign/queue/queue-executor.ts';
import { serveQueue } from '../src/campaign/queue/serve.ts';
import { registry } from '../src/campaign/registry.ts';
import { CampaignRun } from '../src/campaign/run-campaign.ts';
import { RunPool } from '../src/campaign/run-pool.ts';
import { grouped } from '../src/report/counts.ts';
import { table } from '../src/report/layout.ts';
import { readCampaign } from '../src/spec/campaign-file.ts';
import { Store } from '../src/store/store.ts';

/** Runs of the large campaign, and of the others; fewer may be asked for on the command line. */
const LARGE = Number(process.argv[2] ?? 100_000);
const USUAL_RUNS = Number(process.argv[3] ?? 200);

/** Runs of a usual length: raft for 10 s under a swarm of faults. */
const USUAL = 'name: usual\nsystems: [raft]\nworkloads: [register]\ntimeLimit: 10s\nseeds: 1..';
/** Runs as short as they get, so that what the campaign adds shows most. */
const SHORT =
  'name: short\nsystems: [paxos]\nnemeses: [none]\nnodes: 3\nconcurrency: 2\nrate: 10\ntimeLimit: 1s\nsettle: 100ms\nseeds: 1..';

const folder = mkdtempSync(join(tmpdir(), 'momus-bench-'));
const rows: string[][] = [['measure', 'measured', 'aim']];
try {
  await cores();
  await queue();
  await large();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model.trim()}\n`);
console.log(table(rows));

/** One core and two; the second after the first, so that other work on the machine hits both. */
async function cores(): Promise<void> {
  const one = await measured(`${USUAL}${USUAL_RUNS}`, () => warm(1));
  const two = await measured(`${USUAL}${USUAL_RUNS}`, () => warm(2));
  const what = '(raft, 10 s under a swarm)';
  rows.push([`runs a second on one core ${what}`, one.rate.toFixed(1), '']);
  rows.push([`runs a second on two cores ${what}`, two.rate.toFixed(1), '']);
  rows.push(['two cores against one', `${(two.rate / one.rate).toFixed(2)} ×`, '1.8 ×']);
  // On a busy machine this says more: twice as many threads are worth twice as much if no run costs more.
  const cost = `${one.cpu.toFixed(1)} ms, ${two.cpu.toFixed(1)} ms`;
  rows.push(['CPU time of a run, on one core and on two', cost, 'equal']);
}

/** The same runs through a queue on this machine, with as many threads. */
async function queue(): Promise<void> {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    rows.push(['overhead of the queue', 'no redis-server here', '15 %']);
    return;
  }
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const options = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--dir', folder];
  const redis = spawn('redis-server', options, { stdio: 'ignore' });
  const pool = new RunPool({ threads: 2 });
  try {
    const serving = await until(() => serveQueue(url, pool).catch(() => undefined));
    for (const [what, text] of [
      ['raft, 10 s', `${USUAL}${USUAL_RUNS}`],
      ['paxos, 1 s', `${SHORT}${USUAL_RUNS * 20}`],
    ] as const) {
      const local = await measured(text, () => warm(2));
      const queued = await measured(text, () => queueExecutor(url, 'bench'));
      const overhead = `${((local.rate / queued.rate - 1) * 100).toFixed(0)} %`;
      const rates = `${queued.rate.toFixed(1)} against ${local.rate.toFixed(1)} runs/s`;
      const cost = `CPU ${queued.cpu.toFixed(1)} against ${local.cpu.toFixed(1)} ms`;
      rows.push([`overhead of the queue (${what})`, `${overhead} (${rates}; ${cost})`, '15 %']);
    }
    await serving.stop();
  } finally {
    redis.kill();
    await once(redis, 'exit');
    await pool.close();
  }
}

/** A campaign of very many runs: how much memory this process takes, and how large the index gets. */
async function large(): Promise<void> {
  const memory: number[] = [];
  const timer = setInterval(() => memory.push(process.memoryUsage().rss), 500);
  const { rate } = await measured(`${SHORT}${LARGE}`, () => warm(cpus().length), 'large');
  clearInterval(timer);
  const half = memory.slice(memory.length / 2);
  const peak = Math.max(...memory) / 2 ** 20;
  const growth = (half.at(-1)! - half[0]!) / 2 ** 20;
  const index = statSync(join(folder, 'large', 'campaigns', 'short', 'runs.jsonl')).size / 2 ** 20;
  const runs = `${grouped(LARGE)} runs`;
  rows.push([
    `memory of a campaign of ${runs}, ${rate.toFixed(0)} runs/s`,
    `${peak.toFixed(0)} MB at most`,
    '500 MB',
  ]);
  rows.push(['growth over its second half', `${growth.toFixed(0)} MB`, 'flat']);
  rows.push([
    'its index',
    `${index.toFixed(1)} MB, ${((index * 2 ** 20) / LARGE).toFixed(0)} bytes a run`,
    '',
  ]);
}

/** Runs a second of wall clock, and milliseconds of CPU time a run, of all threads of this process. */
async function measured(text: string, make: () => Promise<Executor>, store = 'store') {
  const executor = await make();
  const place = new Store(join(folder, store));
  place.prepare();
  const run = new CampaignRun(readCampaign(text, 'bench.yaml', registry), place, true);
  const began = performance.now();
  const before = process.cpuUsage();
  await run.perform(executor);
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - began) / 1e3;
  await executor.close();
  const { runs } = run.tally.total;
  return { rate: runs / seconds, cpu: (user + system) / 1e3 / runs };
}

/** A pool whose threads are up. */
async function warm(threads: number): Promise<Executor> {
  const executor = localExecutor(new RunPool({ threads }));
  const { cells } = readCampaign(`${SHORT}1`, 'warm.yaml', registry);
  const chunk = { cell: 'warm', spec: cells[0]!.resolved.spec, seeds: [1, 2, 3], untilInvalid: false };
  await Promise.all(Array.from({ length: threads * 2 }, () => executor.perform(chunk)));
  return executor;
}

async function until<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const made = await attempt();
    if (made !== undefined) return made;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
