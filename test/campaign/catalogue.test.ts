import { afterAll, expect, test } from 'vitest';
import { builtInCells, type Cell } from '../../src/campaign/built-in.ts';
import { registry } from '../../src/campaign/registry.ts';
import { type CellResult, runCampaign } from '../../src/campaign/run-campaign.ts';
import { RunPool } from '../../src/campaign/run-pool.ts';
import { temporaryFolder } from '../histories/temporary.ts';

const temporary = temporaryFolder();
const SEEDS_THAT_FIND = 20;

/** Seeds under which a right system must pass, shared out among its workloads. */
function seedsThatPass(system: string): number {
  return ['abd', 'lww-map'].includes(system) ? 50 : 10;
}

const pool = new RunPool();
afterAll(() => pool.close());

function run(cells: readonly Cell[]): Promise<CellResult[]> {
  return runCampaign(cells, pool, temporary('store'), () => {});
}

function cellsThat(expect: Cell['expects']): Cell[] {
  const cells = builtInCells(registry, { right: 1, bug: SEEDS_THAT_FIND });
  return cells.filter(({ expects }) => expects === expect);
}

/** The seeds of a right system are shared out among its workloads; a shorter run is as good a trap for an accusation. */
function forPassing(cell: Cell): Cell {
  const { resolved } = cell;
  const workloads = Object.keys(resolved.system.serves).length;
  return {
    ...cell,
    seeds: Math.ceil(seedsThatPass(resolved.system.name) / workloads),
    resolved: { ...resolved, spec: { ...resolved.spec, timeLimit: 10e9 } },
  };
}

test(`every bug is found within ${SEEDS_THAT_FIND} seeds, by the nemeses that its documentation names`, async () => {
  const missed = (await run(cellsThat('invalid')))
    .filter(({ asExpected }) => !asExpected)
    .map(({ cell }) => `${cell.resolved.spec.system} ${cell.resolved.spec.bugs}`);
  expect(missed).toEqual([]);
});

test('no right system is accused under a swarm of faults, and no pass is vacuous', async () => {
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
  expect(runs.length).toBeGreaterThanOrEqual(130);
});
