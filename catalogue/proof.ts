import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { registry } from '../src/campaign/registry.ts';
import { RunPool } from '../src/campaign/run-pool.ts';
import { Store } from '../src/store/store.ts';
import { parseDuration } from '../src/world/nanos.ts';
import { worldsOf } from '../src/world/system.ts';
import { proofPage } from './proof-page.ts';
import { prove, type SystemProof } from './prove.ts';

/** `npm run proof [-- SYSTEM ...] [--seeds 2000] [--time-limit 30s]`: proves these systems, or all, anew, and writes the page. */

const DATA = 'docs/proof.json';
const PAGE = 'docs/proof.md';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '2000' },
    // How long clients and faults go on in each run of a right system.
    'time-limit': { type: 'string', default: '30s' },
  },
});
const simulated = Object.values(registry.systems).filter((system) => worldsOf(system).includes('sim'));
const unknown = positionals.filter((name) => !simulated.some((system) => system.name === name));
if (unknown.length > 0) {
  console.error(`no simulated system is called ${unknown.join(', ')}; see momus list systems`);
  process.exit(64);
}

const proofs = new Map<string, SystemProof>(
  existsSync(DATA)
    ? (JSON.parse(readFileSync(DATA, 'utf8')) as SystemProof[]).map((proof) => [proof.system, proof])
    : [],
);
const folder = mkdtempSync(join(tmpdir(), 'momus-proof-'));
const store = new Store(folder);
store.prepare();
const pool = new RunPool();
const [processor] = cpus();
try {
  for (const system of simulated) {
    if (positionals.length > 0 && !positionals.includes(system.name)) continue;
    const proof = await prove(system, {
      pool,
      seeds: Number(values.seeds),
      timeLimit: parseDuration(values['time-limit'], '--time-limit'),
      store: store.folder,
    });
    proofs.set(system.name, proof);
    report(proof);
    save();
  }
} finally {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
}

/** After each system, so that an interrupted proof loses only the one under way. */
function save(): void {
  const sorted = simulated.flatMap(({ name }) => proofs.get(name) ?? []);
  writeFileSync(DATA, `[\n${sorted.map((proof) => JSON.stringify(proof)).join(',\n')}\n]\n`);
  const place = {
    cores: cpus().length,
    processor: processor?.model.trim() ?? 'unknown processor',
    node: process.versions.node,
  };
  writeFileSync(PAGE, proofPage(sorted, place));
}

function report({ system, right, bugs }: SystemProof): void {
  for (const { workload, nodes, runs, valid, proved, vacuous, seconds } of right) {
    const doubts = Object.entries(vacuous).map(([reason, count]) => `, ${count} vacuous: ${reason}`);
    console.log(
      `${valid === runs ? '✓' : '✗'} ${system} ${workload}, ${nodes}: ${valid} of ${runs} valid, ${proved} proved something${doubts.join('')} (${seconds} s)`,
    );
  }
  for (const { bug, seeds, anomalies, seconds } of bugs) {
    const found = seeds.every((count) => count !== null);
    console.log(
      `${found ? '✓' : '✗'} ${system} ${bug}: seeds ${seeds.map((n) => n ?? 'none').join(', ')} (${seconds} s) ${anomalies.join(', ')}`,
    );
  }
}
