import { afterAll, expect, test } from 'vitest';
import { builtInCampaign } from '../../src/campaign/built-in.ts';
import { localExecutor } from '../../src/campaign/local-executor.ts';
import { registry } from '../../src/campaign/registry.ts';
import { CampaignRun } from '../../src/campaign/run-campaign.ts';
import { RunPool } from '../../src/campaign/run-pool.ts';
import { asExpected } from '../../src/report/campaign-report.ts';
import type { Cell } from '../../src/spec/campaign.ts';
import { seedRange } from '../../src/spec/seed-plan.ts';
import { Store } from '../../src/store/store.ts';
import { temporaryFolder } from '../histories/temporary.ts';

const temporary = temporaryFolder();
const SEEDS_THAT_FIND = 20;

const SEEDS_THAT_PASS = 50;

/** The systems whose own tests don't hold this already; the campaign of `npm start` holds it for all. */
const SYSTEMS = ['abd', 'lww-map'];

const builtIn = builtInCampaign(registry, { right: 1, bug: SEEDS_THAT_FIND });
const cells = builtIn.cells.filter(({ resolved }) => SYSTEMS.includes(resolved.system.name));
const hasBugs = ({ resolved }: Cell) => resolved.spec.bugs.length > 0;

const pool = new RunPool();
afterAll(() => pool.close());

async function run(name: string, some: readonly Cell[]): Promise<CampaignRun> {
  const store = new Store(temporary('store'));
  store.prepare();
  const campaign = new CampaignRun({ ...builtIn, name, cells: some }, store, true);
  await campaign.perform(localExecutor(pool));
  return campaign;
}

/** The seeds of a right system are shared out among its workloads; a shorter run is as good a trap for an accusation. */
function forPassing(cell: Cell): Cell {
  const { resolved } = cell;
  const workloads = Object.keys(resolved.system.serves).length;
  return {
    seeds: seedRange(1, Math.ceil(SEEDS_THAT_PASS / workloads)),
    resolved: { ...resolved, spec: { ...resolved.spec, timeLimit: 10e9 } },
  };
}

test(`every bug is found within ${SEEDS_THAT_FIND} seeds, by the nemeses that its documentation names`, async () => {
  const { cells: tests, tally, campaign } = await run('bugs', cells.filter(hasBugs));
  const missed = [...tests]
    .filter(([id, cell]) => !asExpected(cell, tally.cells.get(id)!, campaign))
    .map(([, { resolved }]) => `${resolved.spec.system} ${resolved.spec.bugs}`);
  expect(missed).toEqual([]);
  expect(tests.size).toBeGreaterThan(3);
});

test(`no right system is accused in ${SEEDS_THAT_PASS} swarms of faults, and no pass is vacuous`, async () => {
  const right = cells.filter((cell) => !hasBugs(cell)).map(forPassing);
  const { tally } = await run('right', right);
  expect(tally.failures).toEqual([]);
  expect([...tally.doubts]).toEqual([]);
  expect(tally.total.valid).toBeGreaterThanOrEqual(SYSTEMS.length * SEEDS_THAT_PASS);
});
