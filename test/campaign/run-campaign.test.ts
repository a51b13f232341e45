import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunLine } from '../../src/campaign/chunk.ts';
import { CampaignRun } from '../../src/campaign/run-campaign.ts';
import { Store } from '../../src/store/store.ts';
import { temporaryFolder } from '../histories/temporary.ts';
import { campaignOf, fakeExecutor } from './fake-executor.ts';

const temporary = temporaryFolder();
let stores = 0;

const TWO =
  'systems: [abd, { system: abd, bugs: [no-write-back] }]\nworkloads: [register]\nnemeses: [none]\n';

function newStore(): Store {
  const store = new Store(temporary(`store-${stores++}`));
  store.prepare();
  return store;
}

function linesOf(store: Store): RunLine[] {
  const text = readFileSync(join(store.folder, 'campaigns', 'c', 'runs.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

const keys = (lines: readonly RunLine[]) => lines.map(({ cell, seed }) => `${cell} ${seed}`);
const hasBug = (chunk: { spec: { bugs: readonly string[] } }) => chunk.spec.bugs.length > 0;

test('every seed of every cell is run once and leaves a line; failing runs are kept whole', async () => {
  const store = newStore();
  const run = new CampaignRun(campaignOf(`${TWO}seeds: [1..50, 77]`), store, false);
  const executor = fakeExecutor((seed, chunk) =>
    hasBug(chunk) && Number(seed) % 10 === 0 ? 'stale' : undefined,
  );
  expect(await run.perform(executor)).toBe('seeds');
  const lines = linesOf(store);
  expect(new Set(keys(lines)).size).toBe(102);
  expect(lines).toHaveLength(102);
  expect(run.tally.total).toMatchObject({ runs: 102, valid: 97, invalid: 5, operations: 1020, nanos: 204e9 });
  expect(readdirSync(store.runs).sort()).toEqual(
    [10, 20, 30, 40, 50].map((seed) => `abd-no-write-back-${seed}`),
  );
  expect(lines.filter(({ run: kept }) => kept !== undefined)).toHaveLength(5);
});

test('failures are told apart by system, bugs and kind; the fastest of each is named', async () => {
  const run = new CampaignRun(campaignOf(`${TWO}seeds: 1..9`), newStore(), false);
  const first: unknown[] = [];
  const executor = fakeExecutor((seed, chunk) =>
    hasBug(chunk) ? (Number(seed) % 2 === 0 ? 'stale' : 'lost') : seed === 5 ? 'stale' : undefined,
  );
  await run.perform(executor, { onFailure: ({ kinds, system, bugs }) => first.push([kinds, system, bugs]) });
  expect(first).toHaveLength(3);
  const found = run.tally.failures.map(({ kinds, bugs, count, fastest }) => [
    kinds[0],
    bugs[0],
    count,
    fastest.seed,
  ]);
  expect(found).toEqual([
    ['lost', 'no-write-back', 5, 9],
    ['stale', 'no-write-back', 4, 8],
    ['stale', undefined, 1, 5],
  ]);
});

test('an interrupted campaign goes on where it stopped; a torn line and repeated lines count for nothing', async () => {
  const store = newStore();
  const text = `${TWO}seeds: 1..40`;
  const run = new CampaignRun(campaignOf(text), store, false);
  const judge = (seed: unknown) => (Number(seed) % 7 === 0 ? 'stale' : undefined);
  let chunks = 0;
  const ending = await run.perform(
    fakeExecutor(judge, async () => {
      if (++chunks === 6) run.interrupt();
    }),
  );
  expect(ending).toBe('interrupted');
  const before = linesOf(store);
  expect(before.length).toBeGreaterThan(5);
  expect(before.length).toBeLessThan(80);
  const file = join(store.folder, 'campaigns', 'c', 'runs.jsonl');
  appendFileSync(file, `${JSON.stringify(before[0])}\n{"cell":"torn`);

  const again = new CampaignRun(campaignOf(text), store, false);
  expect(again.resumed).toBe(before.length);
  const executor = fakeExecutor(judge);
  await again.perform(executor);
  const repeated = executor.performed.flatMap((chunk) => chunk.seeds.map((seed) => `${chunk.cell} ${seed}`));
  expect(repeated).toHaveLength(80 - before.length);
  expect(repeated.filter((key) => keys(before).includes(key))).toEqual([]);
  expect(again.tally.total).toMatchObject({ runs: 80, invalid: 10 });
  expect(readdirSync(store.runs)).toHaveLength(10);
  expect(new Set(keys(linesOf(store))).size).toBe(80);
});

test('a campaign that ended begins anew; one that was interrupted does so when told to, or on another build', async () => {
  const store = newStore();
  const text = `${TWO}seeds: 1..3`;
  await new CampaignRun(campaignOf(text), store, false).perform(fakeExecutor(() => undefined));
  const interrupted = new CampaignRun(campaignOf(text), store, false);
  expect(interrupted.resumed).toBe(0);
  await interrupted.perform(
    fakeExecutor(
      () => undefined,
      async () => interrupted.interrupt(),
    ),
  );
  const file = join(store.folder, 'campaigns', 'c', 'campaign.json');
  const record = readFileSync(file, 'utf8');
  writeFileSync(file, record.replace(/"build": "[^"]+"/, '"build": "0.0.1+other"'));
  const other = new CampaignRun(campaignOf(text), store, false);
  expect(other).toMatchObject({ resumed: 0, otherBuild: '0.0.1+other' });
  await other.perform(
    fakeExecutor(
      () => undefined,
      async () => other.interrupt(),
    ),
  );
  const fresh = new CampaignRun(campaignOf(text), store, true);
  expect(fresh.resumed).toBe(0);
  await fresh.perform(fakeExecutor(() => undefined));
});

test('more seeds and another cell leave what was done as it is', async () => {
  const store = newStore();
  const run = new CampaignRun(campaignOf('systems: [abd]\nseeds: 1..20'), store, false);
  await run.perform(
    fakeExecutor(
      () => undefined,
      async () => run.interrupt(),
    ),
  );
  const done = run.tally.total.runs;
  expect(done).toBeGreaterThan(0);
  const wider = new CampaignRun(campaignOf('systems: [paxos, abd]\nseeds: 1..30'), store, false);
  expect(wider.resumed).toBe(done);
  await wider.perform(fakeExecutor(() => undefined));
  expect(wider.tally.total.runs).toBe(60);
});

test.each([
  ['stop: first-failure', 'failures'],
  ['stop: { distinct: 2 }', 'distinct'],
  ['stop: { runs: 17 }', 'runs'],
  ['stop: { time: 1ms }', 'time'],
])('%s ends seeds without end', async (stop, why) => {
  const run = new CampaignRun(campaignOf(`${TWO}seeds: forever\n${stop}`), newStore(), false);
  expect(run.total).toBe(why === 'runs' ? 17 : Number.POSITIVE_INFINITY);
  const judge = (seed: unknown) => (Number(seed) === 20 ? 'stale' : Number(seed) === 30 ? 'lost' : undefined);
  expect(await run.perform(fakeExecutor(judge))).toBe(why);
  if (why === 'runs') expect(run.tally.total.runs).toBe(17);
});

test('a cell that is to fail ends at its first violation, and its seeds are tried in order', async () => {
  const text = `${TWO}seeds: 1..100\nstop: { cellFailures: 1 }\nexpect: bugs-found`;
  const run = new CampaignRun(campaignOf(text), newStore(), false);
  await run.perform(
    fakeExecutor((seed, chunk) => (hasBug(chunk) && Number(seed) >= 23 ? 'stale' : undefined)),
  );
  const [right, wrong] = [...run.tally.cells.values()];
  expect(right).toMatchObject({ runs: 100, valid: 100 });
  expect(wrong).toMatchObject({ runs: 23, invalid: 1 });
});

test('two processes can not run one campaign at once; the lock of a dead one is no lock', async () => {
  const store = newStore();
  const campaign = campaignOf('systems: [abd]\nseeds: 1..3');
  const first = new CampaignRun(campaign, store, false);
  const lock = join(store.folder, 'campaigns', 'c', 'lock');
  expect(() => new CampaignRun(campaign, store, false)).toThrow(/process \d+ is running this campaign/);
  await first.perform(fakeExecutor(() => undefined));
  expect(existsSync(lock)).toBe(false);
  writeFileSync(lock, '999999999');
  await new CampaignRun(campaign, store, false).perform(fakeExecutor(() => undefined));
});

test('what an executor throws ends the campaign, which can go on later', async () => {
  const store = newStore();
  const campaign = campaignOf('systems: [abd]\nseeds: 1..30');
  let chunks = 0;
  const failing = fakeExecutor(
    () => undefined,
    async () => {
      if (++chunks === 4) throw new Error('the network is down');
    },
  );
  await expect(new CampaignRun(campaign, store, false).perform(failing)).rejects.toThrow(
    'the network is down',
  );
  const again = new CampaignRun(campaign, store, false);
  expect(again.resumed).toBeGreaterThan(0);
  await again.perform(fakeExecutor(() => undefined));
  expect(again.tally.total.runs).toBe(30);
});
