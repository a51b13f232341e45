import { afterAll, expect, test } from 'vitest';
import { builtInCells, type Cell } from '../../src/campaign/built-in.ts';
import { registry } from '../../src/campaign/registry.ts';
import { type CellResult, runCampaign } from '../../src/campaign/run-campaign.ts';
import { RunPool } from '../../src/campaign/run-pool.ts';
import { temporaryFolder } from '../histories/temporary.ts';

const temporary = temporaryFolder();
const SEEDS_THAT_FIND = 20;

const SEEDS_THAT_PASS = 50;

/** The systems whose own tests don't hold this already; the campaign of `npm start` holds it for all. */
const SYSTEMS = ['abd', 'lww-map'];

const pool = new RunPool();
afterAll(() => pool.close());

function run(cells: readonly Cell[]): Promise<CellResult[]> {
  return runCampaign(cells, pool, temporary('store'), () => {});
}

function cellsThat(expect: Cell['expects']): Cell[] {
  const cells = builtInCells(registry, { right: 1, bug: SEEDS_THAT_FIND });
  return cells.filter(
    ({ expects, resolved }) => expects === expect && SYSTEMS.includes(resolved.system.name),
  );
}

/** The seeds of a right system are shared out among its workloads; a shorter run is as good a trap for an accusation. */
function forPassing(cell: Cell): Cell {
  const { resolved } = cell;
  const workloads = Object.keys(resolved.system.serves).length;
  return {
    ...cell,
    seeds: Math.ceil(SEEDS_THAT_PASS / workloads),
    resolved: { ...resolved, spec: { ...resolved.spec, timeLimit: 10e9 } },
  };
}

test(`every bug is found within ${SEEDS_THAT_FIND} seeds, by the nemeses that its documentation names`, async () => {
  const missed = (await run(cellsThat('invalid')))
    .filter(({ asExpected }) => !asExpected)
    .map(({ cell }) => `${cell.resolved.spec.system} ${cell.resolved.spec.bugs}`);
  expect(missed).toEqual([]);
});

test(`no right system is accused in ${SEEDS_THAT_PASS} swarms of faults, and no pass is vacuous`, async () => {
  const results = await run(cellsThat('valid').map(forPassing));
  const runs = results.flatMap(({ runs: all }) => all);
  const notes = runs.flatMap((result) => {
    if (result.state !== 'judged') return [`seed ${result.seed} ${result.state}`];
    const { spec, valid, verdicts } = result.outcome;
    const where = `${spec.system} ${spec.workload} seed ${result.seed}`;
    const doubts = verdicts.flatMap(({ vacuous }) => vacuous.map((doubt) => `${where}: ${doubt}`));
    return valid === true ? doubts : [`${where}: ${valid}`, ...doubts];
  });
  expect(notes).toEqual([]);
  expect(runs.length).toBeGreaterThanOrEqual(SYSTEMS.length * SEEDS_THAT_PASS);
});
