import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Executor } from '../../src/campaign/chunk.ts';
import { CampaignRun } from '../../src/campaign/run-campaign.ts';
import { reportsOf } from '../../src/campaign/run-report.ts';
import { runSeeds } from '../../src/campaign/run-seeds.ts';
import { newSigns } from '../../src/campaign/run-task.ts';
import { Store } from '../../src/store/store.ts';
import { temporaryFolder } from '../histories/temporary.ts';
import { campaignOf } from './fake-executor.ts';

const temporary = temporaryFolder();

/** As short as runs get. */
const TINY =
  'systems: [paxos]\nnemeses: [none]\nnodes: 3\nconcurrency: 2\nrate: 10\ntimeLimit: 500ms\nsettle: 0\nseeds: 1..3000';

/** What a run may leave behind: a campaign remembers lines on disk, and only counts in memory (bytes). */
const LEFT_BY_A_RUN = 500;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test('memory does not grow with the runs of a campaign', async () => {
  const store = new Store(temporary('store'));
  store.prepare();
  const run = new CampaignRun(campaignOf(TINY), store, false);
  const measured: { readonly runs: number; readonly heap: number }[] = [];
  // Performs runs as a worker thread does, in this one, so that what they leave shows.
  const executor: Executor = {
    where: 'this thread',
    capacity: () => 1,
    async perform(chunk) {
      const { runs } = run.tally.total;
      if (runs >= 1000 * (measured.length + 1)) measured.push({ runs, heap: heap() });
      return reportsOf(
        chunk,
        await runSeeds({ ...chunk, store: '', keep: 'brought', apart: false, signs: newSigns() }),
      );
    },
    stop: async () => {},
    close: async () => {},
  };
  expect(await run.perform(executor)).toBe('seeds');
  expect(run.tally.total).toMatchObject({ runs: 3000, valid: 3000 });
  const [before] = measured;
  const grown = heap() - before!.heap;
  expect(grown).toBeLessThan((3000 - before!.runs) * LEFT_BY_A_RUN);
}, 120_000);
