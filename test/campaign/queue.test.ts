import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { announce } from '../../src/campaign/queue/presence.ts';
import { connectQueue } from '../../src/campaign/queue/redis.ts';
import { build, compiled } from '../cli/compiled.ts';
import { momus } from '../cli/momus.ts';
import { temporaryFolder } from '../histories/temporary.ts';
import { NO_REDIS, startRedis } from './redis-server.ts';
import { keptFiles, linesOf, runsOf } from './stored-campaign.ts';

const temporary = temporaryFolder();

const CAMPAIGN = `
systems: [abd, { system: paxos, bugs: [accepts-lower-ballot] }]
timeLimit: 1s
settle: 1s
nodes: 3
concurrency: 3
rate: 50
seeds: [1..60, nightly]
`;

/** Processes of their own take their time on a busy machine (ms). */
const SLOW = 240_000;

let redis: Awaited<ReturnType<typeof startRedis>> | undefined;
let file: string;
const workers: ReturnType<typeof startWorker>[] = [];

beforeAll(async () => {
  await build();
  file = temporary('c.yaml');
  writeFileSync(file, CAMPAIGN);
  mkdirSync(temporary('redis'), { recursive: true });
  if (NO_REDIS === undefined) redis = await startRedis(temporary('redis'));
}, SLOW);

afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await Promise.all(workers);
  await redis?.stop();
});

function startWorker(url: string) {
  return compiled('worker', '--queue', url, '--threads', '1');
}

/** A worker that waits for campaigns. */
async function readyWorker(url: string): Promise<{ kill(): void }> {
  const worker = startWorker(url);
  workers.push(worker);
  await new Promise<void>((resolve) => {
    worker.stdout.on('data', (text) => String(text).includes('waits for campaigns') && resolve());
  });
  return { kill: () => worker.kill('SIGKILL') };
}

test.for(['plain', 'explored'])(
  'two workers, one killed midway, find run for run what the local pool finds: %s',
  { timeout: SLOW },
  async (how, { skip }) => {
    if (redis === undefined) return skip(NO_REDIS);
    writeFileSync(file, how === 'explored' ? `${CAMPAIGN}explore: true\n` : CAMPAIGN);
    const [local, queued] = [temporary(`${how}-local`), temporary(`${how}-queued`)];
    const [first] = await Promise.all([readyWorker(redis.url), readyWorker(redis.url)]);
    const campaign = compiled('campaign', file, '--queue', redis.url, '--store', queued);
    while (linesOf(queued).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    first.kill();
    const { exitCode, stdout } = await campaign;
    expect(linesOf(queued)).toHaveLength(2 * 61);
    const here = await compiled('campaign', file, '--store', local);
    expect([exitCode, here.exitCode]).toEqual([1, 1]);
    expect(runsOf(queued)).toEqual(runsOf(local));
    expect(stdout).toMatch(/^122 runs: ✗ \d+ invalid, ✓ \d+ valid$/m);
    expect(keptFiles(queued)).toEqual(keptFiles(local));
    expect(Object.keys(keptFiles(local)).length).toBeGreaterThan(20);
  },
);

test(
  'a worker of another build than the campaign is refused',
  async ({ skip }) => {
    if (redis === undefined) return skip(NO_REDIS);
    const server = await connectQueue(redis.url);
    const theirs = { id: 'elsewhere:1', build: '0.0.1+00000000', threads: 0, campaign: 'old' };
    await server.redis.set('momus:campaign:elsewhere:1', JSON.stringify(theirs));
    const { exitCode, stderr } = await startWorker(redis.url);
    await server.redis.del('momus:campaign:elsewhere:1');
    await server.close();
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 64 });
    expect(stderr).toMatch(
      /refused: campaign old of elsewhere:1 at redis:\S+ runs momus 0\.0\.1\+0+, this is \S+; install the same/,
    );
  },
  SLOW,
);

test('processes at a queue know of each other', async ({ skip }) => {
  if (redis === undefined) return skip(NO_REDIS);
  const server = await connectQueue(redis.url);
  const presence = await announce(server.redis, 'campaign', { threads: 0, campaign: 'mine' });
  expect(await server.redis.keys('momus:campaign:*')).toHaveLength(1);
  await presence.stop();
  expect(await server.redis.keys('momus:campaign:*')).toEqual([]);
  await server.close();
});

test.each([
  [
    'redis://127.0.0.1:1',
    /can't reach Redis at redis:\/\/127\.0\.0\.1:1: .*ECONNREFUSED.*; is the server running\?/,
  ],
  ['localhost:6379', /"localhost:6379" is no address; write redis:\/\/host:6379/],
])('a queue at %s is refused in one line', async (url, message) => {
  const { code, err } = await momus('campaign', file, '--queue', url, '--store', temporary('refused'));
  expect(code).toBe(64);
  expect(err).toMatch(message);
  expect(err.split('\n')).toHaveLength(1);
});
