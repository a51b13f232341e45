import { registry } from '../src/campaign/registry.ts';
import { runSpec } from '../src/campaign/run-spec.ts';
import { judgedRun } from '../src/report/judged-run.ts';
import { type Proofs, proofsOf } from '../src/report/proof.ts';
import { diagramOf } from '../src/report/space-time/diagram.ts';
import { type Observed, sceneOfProof } from '../src/report/space-time/scene.ts';
import type { Style } from '../src/report/style.ts';
import type { Outcome } from '../src/spec/outcome.ts';
import { nodeNames, type ResolvedSpec, resolveSpec } from '../src/spec/resolve.ts';
import type { SpecInput } from '../src/spec/schema.ts';
import type { System } from '../src/world/system.ts';
import type { Travel } from '../src/world/travel.ts';
import { UsageError } from '../src/world/usage-error.ts';

/** How large a test is; the rest of its spec follows from the system. */
type Size = Pick<SpecInput, 'nodes' | 'concurrency' | 'rate' | 'nemeses'>;

/** Small tests make small pictures; a system or a bug that needs more gets what it needs. */
const SIZES: readonly Size[] = [
  { nodes: 3, concurrency: 3, rate: 20 },
  { nodes: 3, concurrency: 5, rate: 100 },
  { nodes: 4, concurrency: 4, rate: 20 },
  {},
];

const SEEDS = 12;

/** A run worth showing. */
export interface ExampleRun {
  /** What repeats it. */
  readonly command: string;
  /** What it prints. */
  readonly text: string;
  readonly picture: string;
}

interface Seen {
  readonly outcome: Outcome;
  readonly proofs: Proofs;
  readonly observed: Observed;
}

/** A run of the right system in a world without faults. */
export async function rightRun(system: System, style: Style): Promise<ExampleRun> {
  for (const size of SIZES) {
    const resolved = attempt({ system: system.name, seed: 1, nemeses: [], ...size });
    if (resolved !== undefined) return example(await see(resolved), { ...size, nemeses: [] }, style);
  }
  throw new Error(`${system.name} can't be run at any size`);
}

/** Of some runs in which a bug shows, the one whose picture is the smallest; undefined if it shows in none. */
export async function bugRun(system: System, bug: string, style: Style): Promise<ExampleRun | undefined> {
  for (const size of SIZES) {
    let best: Seen | undefined;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const resolved = attempt({ system: system.name, bugs: [bug], seed, ...size });
      if (resolved === undefined) break;
      const seen = await see(resolved);
      if (seen.outcome.valid === false && (best === undefined || weight(seen) < weight(best))) best = seen;
    }
    if (best !== undefined) return example(best, size, style);
  }
  return undefined;
}

function attempt(
  input: Size & { readonly system: string; readonly seed: number; readonly bugs?: readonly string[] },
): ResolvedSpec | undefined {
  try {
    return resolveSpec(input, registry);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

async function see(resolved: ResolvedSpec): Promise<Seen> {
  const travels: Travel[] = [];
  const { outcome, history } = await runSpec(resolved, { onTravel: (travel) => void travels.push(travel) });
  const proofs = proofsOf(outcome.verdicts, history);
  return { outcome, proofs, observed: { history, travels, nodes: nodeNames(resolved.spec.nodes) } };
}

/** How much there is to look at. */
function weight({ proofs, observed }: Seen): number {
  const proof = proofs.find((each) => each !== undefined && each.rows.length > 0);
  if (proof === undefined) return Number.POSITIVE_INFINITY;
  const { operations, travels } = sceneOfProof(proof, observed);
  return operations.length * 10 + travels.length;
}

function example({ outcome, proofs, observed }: Seen, size: Size, style: Style): ExampleRun {
  const { system, bugs, seed } = outcome.spec;
  const flags = [
    ...bugs.map((bug) => `--bug ${bug}`),
    ...(size.nemeses === undefined ? [] : ['--nemesis none']),
    ...(size.nodes === undefined ? [] : [`--nodes ${size.nodes}`]),
    ...(size.concurrency === undefined ? [] : [`--concurrency ${size.concurrency}`]),
    ...(size.rate === undefined ? [] : [`--rate ${size.rate}`]),
    `--seed ${seed}`,
  ];
  return {
    command: `momus test ${system} ${flags.join(' ')}`,
    text: judgedRun(outcome, proofs, style),
    picture: diagramOf(outcome, proofs, observed),
  };
}
