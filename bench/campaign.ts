import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { queueExecutor } from '../src/campaign/queue/queue-executor.ts';
import { serveQueue } from '../src/campaign/queue/serve.ts';
import { RunPool } from '../src/campaign/run-pool.ts';
import { grouped } from '../src/report/counts.ts';
import { table } from '../src/report/layout.ts';
import { cores } from './cores.ts';
import { measured, SHORT, USUAL, warm, warmUp } from './measured-campaign.ts';

/** Runs of the large campaign, and of the others; fewer may be asked for on the command line. */
const LARGE = Number(process.argv[2] ?? 100_000);
const USUAL_RUNS = Number(process.argv[3] ?? 400);

const folder = mkdtempSync(join(tmpdir(), 'momus-bench-'));
const rows: string[][] = [['measure', 'measured', 'aim']];
try {
  rows.push(...(await cores(USUAL_RUNS)));
  await queue();
  await large();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model.trim()}\n`);
console.log(table(rows));

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
  try {
    for (const [what, text, runs] of [
      ['raft, 10 s', USUAL, USUAL_RUNS],
      ['paxos, 1 s', SHORT, USUAL_RUNS * 20],
    ] as const) {
      const local = await measured(`${text}${runs}`, () => warm(2, text), join(folder, 'store'));
      // Threads that have run another system before are slower: V8 has compiled for both.
      const pool = new RunPool({ threads: 2 });
      const serving = await until(() => serveQueue(url, pool).catch(() => undefined));
      await warmUp(pool, text);
      const queued = await measured(
        `${text}${runs}`,
        () => queueExecutor(url, 'bench'),
        join(folder, 'store'),
      );
      const overhead = `${((local.rate / queued.rate - 1) * 100).toFixed(0)} %`;
      const rates = `${queued.rate.toFixed(1)} against ${local.rate.toFixed(1)} runs/s`;
      const cost = `CPU ${queued.cpu.toFixed(1)} against ${local.cpu.toFixed(1)} ms`;
      rows.push([`overhead of the queue (${what})`, `${overhead} (${rates}; ${cost})`, '15 %']);
      await serving.stop();
      await pool.close();
    }
  } finally {
    redis.kill();
    await once(redis, 'exit');
  }
}

/** A campaign of very many runs: how much memory this process takes, and how large the index gets. */
async function large(): Promise<void> {
  const memory: number[] = [];
  const timer = setInterval(() => memory.push(process.memoryUsage().rss), 500);
  const { rate } = await measured(
    `${SHORT}${LARGE}`,
    () => warm(cpus().length, SHORT),
    join(folder, 'large'),
  );
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
