import { Chalk } from 'chalk';
import { expect, test } from 'vitest';
import { CampaignRun } from '../../src/campaign/run-campaign.ts';
import { liveView, progressLine } from '../../src/report/campaign-progress.ts';
import { Store } from '../../src/store/store.ts';
import { campaignOf, fakeExecutor } from '../campaign/fake-executor.ts';
import { temporaryFolder } from '../histories/temporary.ts';

const temporary = temporaryFolder();

/** A campaign that went on after an interruption and found something. */
async function resumed(width: number): Promise<CampaignRun> {
  const store = new Store(temporary(`store-${width}`));
  store.prepare();
  const campaign = campaignOf(
    'systems: [{ system: idempotent-rpc, bugs: [dedupe-lost-at-crash] }]\nseeds: 1..2000',
  );
  const first = new CampaignRun(campaign, store, false);
  const judge = (seed: unknown) => (Number(seed) % 50 === 0 ? 'nonlinearizable' : undefined);
  let chunks = 0;
  await first.perform(
    fakeExecutor(judge, async () => {
      if (++chunks === 8) first.interrupt();
    }),
  );
  const run = new CampaignRun(campaign, store, false);
  expect(run.resumed).toBeGreaterThan(50);
  return run;
}

test.each([60, 100])(
  'in %i columns the live view of a resumed campaign fits, with no part torn',
  async (width) => {
    const run = await resumed(width);
    const lines = liveView(run, '2 cores', { paint: new Chalk({ level: 0 }), width });
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    const shown = lines.slice(1, -1).join(' · ');
    expect(shown).toBe(progressLine(run, '2 cores'));
    expect(lines.at(-1)).toContain('nonlinearizable in idempotent-rpc with dedupe-lost');
    expect(lines.at(-1)!.includes('seed ')).toBe(width === 100);
  },
);
