import { parseArgs } from 'node:util';
import { explore } from '../src/campaign/explore/explore.ts';
import { registry } from '../src/campaign/registry.ts';
import { RunPool } from '../src/campaign/run-pool.ts';
import type { RunResult } from '../src/campaign/run-task.ts';
import { table } from '../src/report/layout.ts';
import { resolveSpec } from '../src/spec/resolve.ts';
import { SECOND } from '../src/world/nanos.ts';

/**
 * `npm run bench:explore [-- SYSTEM/BUG ...] [--starts 8] [--runs 200]`: how many runs it takes to find a bug, under fresh seeds
 * alone and led by what was seen. All run under a plain swarm, not under the nemeses that bring the bug out: with those most
 * are found at once.
 */

/** Found seldom under a plain swarm, but found. */
const RARE = [
  ...['raft/commit-earlier-term', 'raft/truncate-committed', 'raft/two-membership-changes'],
  ...['raft/vote-not-persisted', 'raft/snapshot-drops-dedupe', 'raft/log-not-fsynced'],
  ...['lww-map/merge-not-commutative', 'paxos/promise-not-persisted', 'abd/no-write-back'],
  ...[
    'abd-cas/acknowledged-before-stored',
    'causal-kv/read-dependencies-dropped',
    'gossip-broadcast/no-relay',
  ],
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { starts: { type: 'string', default: '8' }, runs: { type: 'string', default: '200' } },
});
const starts = Array.from({ length: Number(values.starts) }, (_, i) => i * 100_000 + 1);
const most = Number(values.runs);
const pool = new RunPool();
const rows = [['bug', 'fresh seeds: mean', 'each', 'explored: mean', 'each']];
for (const name of positionals.length > 0 ? positionals : RARE) {
  const [system = '', bug = ''] = name.split('/');
  const nemeses = [{ name: 'swarm', parameters: {} }];
  const sizes = { timeLimit: 4 * SECOND, settle: SECOND, concurrency: 5, rate: 40 };
  const { spec } = resolveSpec({ system, bugs: [bug], nemeses, ...sizes, seed: 1 }, registry);
  const shared = { store: '', keep: 'brought', untilInvalid: true } as const;
  const fresh = await Promise.all(
    starts.map((start) =>
      pool.runTogether({ spec, seeds: Array.from({ length: most }, (_, i) => start + i), ...shared }),
    ),
  );
  const explored: RunResult[][] = [];
  for (const start of starts)
    explored.push(
      await explore({ ...spec, seed: start }, { pool, runs: most, seeds: from(start), ...shared }),
    );
  rows.push([name, ...told(fresh), ...told(explored)]);
  console.log(rows.at(-1)!.join('  '));
}
await pool.close();
console.log(`\n${table(rows)}`);

function* from(start: number): Generator<number> {
  for (let seed = start; ; seed++) yield seed;
}

/** The mean number of runs until it was found, at least where it was not, and each number. */
function told(tries: readonly (readonly RunResult[])[]): string[] {
  const mean = tries.reduce((sum, { length }) => sum + length, 0) / tries.length;
  const isFound = (results: readonly RunResult[]) => {
    const last = results.at(-1);
    return last?.state === 'judged' && last.outcome.valid === false;
  };
  const missed = tries.some((results) => !isFound(results));
  const each = tries.map((results) => (isFound(results) ? String(results.length) : '-'));
  return [`${missed ? '≥ ' : ''}${mean.toFixed(1)}`, each.join(' ')];
}
