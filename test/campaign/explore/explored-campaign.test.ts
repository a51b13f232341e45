import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Executor, RunLine } from '../../../src/campaign/chunk.ts';
import { localExecutor } from '../../../src/campaign/local-executor.ts';
import { CampaignRun } from '../../../src/campaign/run-campaign.ts';
import { RunPool } from '../../../src/campaign/run-pool.ts';
import { Store } from '../../../src/store/store.ts';
import { temporaryFolder } from '../../histories/temporary.ts';
import { campaignOf, fakeExecutor } from '../fake-executor.ts';
import { keptFiles, linesOf } from '../stored-campaign.ts';

const temporary = temporaryFolder();
const [one, two] = [new RunPool({ threads: 1 }), new RunPool({ threads: 2 })];
afterAll(() => Promise.all([one.close(), two.close()]));

/** A busy machine takes its time (ms). */
const SLOW = 240_000;

/** Fails often, so that failing runs are among the changed ones. */
const TEXT = `
systems: [{ system: idempotent-rpc, bugs: [no-dedupe] }, idempotent-rpc]
workloads: [counter]
nemeses: [swarm]
nodes: 3
concurrency: 3
rate: 30
timeLimit: 2s
settle: 1s
seeds: 1..44
explore: true
`;

function storeNamed(name: string): Store {
  const store = new Store(temporary(name));
  store.prepare();
  return store;
}

/** Every line of the index but for when its run was over, in the order of the trials. */
function trialsIn(store: Store): RunLine[] {
  const lines = linesOf(store.folder).map((line): RunLine => ({ ...JSON.parse(line), at: 0 }));
  return lines.sort((a, b) => (a.cell < b.cell ? -1 : a.cell > b.cell ? 1 : a.trial! - b.trial!));
}

/** Performs a campaign, which is interrupted after so many chunks. */
async function perform(store: Store, executor: Executor, most = Number.POSITIVE_INFINITY) {
  const run = new CampaignRun(campaignOf(TEXT), store, false);
  let chunks = 0;
  const interrupting: Executor = {
    ...executor,
    async perform(chunk) {
      if (++chunks >= most) run.interrupt();
      return executor.perform(chunk);
    },
  };
  return { resumed: run.resumed, ending: await run.perform(interrupting) };
}

test(
  'an explored campaign makes the same trials however many threads there are and however often it is interrupted',
  async () => {
    const [whole, pieces] = [storeNamed('whole'), storeNamed('pieces')];
    expect(await perform(whole, localExecutor(two))).toEqual({ resumed: 0, ending: 'seeds' });
    // In the first round, among fresh seeds, and among changed ones.
    for (const chunks of [3, 20, 40, 7])
      expect(await perform(pieces, localExecutor(one), chunks)).toMatchObject({ ending: 'interrupted' });
    const { resumed } = await perform(pieces, localExecutor(one));
    expect(resumed).toBeGreaterThan(60);
    expect(resumed).toBeLessThan(88);
    const trials = trialsIn(whole);
    expect(trials).toHaveLength(88);
    expect(trialsIn(pieces)).toEqual(trials);
    expect(keptFiles(pieces.folder)).toEqual(keptFiles(whole.folder));
    const kept = Object.keys(keptFiles(whole.folder)).filter((file) => /-trial-\d+\/spec/.test(file));
    expect(kept.length).toBeGreaterThan(0);
    for (const file of kept) expect(readFileSync(join(whole.runs, file), 'utf8')).toContain('script:');
    const changed = trials.filter(({ trial }) => trial! > 24);
    expect(changed.filter(({ seed }) => Number(seed) <= 24).length).toBeGreaterThan(10);
  },
  SLOW,
);

test('more seeds go on from the trials that were made', async () => {
  const store = storeNamed('more');
  const run = new CampaignRun(campaignOf(TEXT.replace('44', '30')), store, false);
  const first = fakeExecutor(() => undefined);
  let chunks = 0;
  const ends = {
    ...first,
    perform: (chunk: Parameters<Executor['perform']>[0]) => {
      if (++chunks === 60) run.interrupt();
      return first.perform(chunk);
    },
  };
  await run.perform(ends);
  expect(linesOf(store.folder)).toHaveLength(60);
  const more = new CampaignRun(campaignOf(TEXT), store, false);
  expect(more.resumed).toBe(60);
  await more.perform(fakeExecutor(() => undefined));
  const numbers = trialsIn(store).map(({ trial }) => trial);
  const each = Array.from({ length: 44 }, (_, i) => i + 1);
  expect(numbers).toEqual([...each, ...each]);
});

test('trials of other seeds count for nothing', async () => {
  const store = storeNamed('others');
  const run = new CampaignRun(campaignOf(TEXT), store, false);
  let turns = 0;
  await run.perform(
    fakeExecutor(
      () => undefined,
      async () => {
        if (++turns === 30) run.interrupt();
      },
    ),
  );
  expect(new CampaignRun(campaignOf(TEXT.replace('1..44', '2..44')), store, false).resumed).toBe(0);
});

test('a test that is to fail so often ends with the round in which it does', async () => {
  const text = `${TEXT}stop: { cellFailures: 2 }`;
  const run = new CampaignRun(campaignOf(text), storeNamed('failures'), false);
  const hasBug = fakeExecutor((seed, { spec }) =>
    spec.bugs.length > 0 && Number(seed) >= 10 ? 'stale' : undefined,
  );
  await run.perform(hasBug);
  const [wrong, right] = [...run.tally.cells.values()];
  // Seeds 10 and 11 are in the second round of eight.
  expect(wrong).toMatchObject({ runs: 16, invalid: 7 });
  expect(right).toMatchObject({ runs: 44, valid: 44 });
});
