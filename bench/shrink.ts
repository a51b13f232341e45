import { parseArgs } from 'node:util';
import { registry } from '../src/campaign/registry.ts';
import { RunPool } from '../src/campaign/run-pool.ts';
import { runSpec } from '../src/campaign/run-spec.ts';
import { shrinkRun } from '../src/campaign/shrink/shrink-run.ts';
import { table } from '../src/report/layout.ts';
import { resolveSpec } from '../src/spec/resolve.ts';
import { SECOND } from '../src/world/nanos.ts';
import { worldsOf } from '../src/world/system.ts';

/**
 * `npm run bench:shrink [-- SYSTEM ...]`: how small the first failing run of each bug becomes, and how long that takes. Each bug
 * runs with the workload and nemeses that bring it out, for 10 s.
 */

/** Seeds under which a bug is looked for. */
const MOST_SEEDS = 60;

const { positionals } = parseArgs({ allowPositionals: true });
const pool = new RunPool();
const rows = [['system', 'bug', 'operations', 'faults', 'nodes', 'runs tried', 'time']];
const sizes: { readonly operations: number; readonly faults: number; readonly seconds: number }[] = [];
for (const system of Object.values(registry.systems)) {
  const { name, bugs } = system;
  if (worldsOf(system)[0] !== 'sim' || (positionals.length > 0 && !positionals.includes(name))) continue;
  for (const bug of Object.keys(bugs)) {
    const failed = await firstFailing(name, bug);
    if (failed === undefined) {
      rows.push([name, bug, `not found in ${MOST_SEEDS} runs of 10 s`]);
      continue;
    }
    const began = performance.now();
    const { spec, runs } = await shrinkRun(failed.outcome, failed.history, { pool });
    const seconds = (performance.now() - began) / 1e3;
    const [operations, faults] = [spec.script.operations.length, spec.script.faults.length];
    sizes.push({ operations, faults, seconds });
    rows.push([name, bug, ...[operations, faults, spec.nodes, runs].map(String), `${seconds.toFixed(1)} s`]);
    console.log(rows.at(-1)!.join('  '));
  }
}
await pool.close();
console.log(`\n${table(rows)}`);
const median = (of: 'operations' | 'faults' | 'seconds') =>
  [...sizes.map((size) => size[of])].sort((a, b) => a - b)[sizes.length >> 1];
console.log(
  `\nmedian of ${sizes.length}: ${median('operations')} operations (aim: 10), ${median('faults')} faults (aim: 5), ` +
    `${median('seconds')?.toFixed(1)} s (aim: 30)`,
);

async function firstFailing(system: string, bug: string) {
  const { spec } = resolveSpec({ system, bugs: [bug], timeLimit: 10 * SECOND, seed: 1 }, registry);
  const seeds = Array.from({ length: MOST_SEEDS }, (_, i) => i + 1);
  const results = await pool.runTogether({ spec, seeds, store: '', keep: 'brought', untilInvalid: true });
  const last = results.at(-1);
  if (last?.state !== 'judged' || last.outcome.valid !== false) return undefined;
  return runSpec(resolveSpec({ ...spec, seed: last.seed }, registry));
}
