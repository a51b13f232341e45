import { Chalk } from 'chalk';
import { test } from 'vitest';
import type * as z from 'zod';
import type { History } from '../../histories/history.ts';
import { registryWith, withSystem } from '../campaign/load-system.ts';
import { runSpec } from '../campaign/run-spec.ts';
import type { UserSystem } from '../campaign/system-file.ts';
import { figures, judgedRun } from '../report/judged-run.ts';
import { proofsOf } from '../report/proof.ts';
import type { Outcome } from '../spec/outcome.ts';
import { readSpecFile, readSpecFlags } from '../spec/read-spec.ts';
import { type ResolvedSpec, resolveSpec } from '../spec/resolve.ts';
import type { specSchema } from '../spec/schema.ts';
import { testArguments } from '../spec/short-form.ts';
import type { Seed } from '../world/random.ts';
import { UsageError } from '../world/usage-error.ts';

/** A test as a spec file has it, but for its seed; the system may be one of your own. */
export type SimulationSpec = Omit<z.input<typeof specSchema>, 'seed' | 'system'> & {
  readonly system: string | UserSystem;
};

/** What came of a simulated run. */
export interface Simulated {
  readonly history: History;
  readonly outcome: Outcome;
}

/** More to ask of a run than its own checkers do. */
export type MoreChecks = (simulated: Simulated) => void | Promise<void>;

/** How long a run may take, ms: far more than it needs, for machines that are busy. */
const TIMEOUT = 120_000;

const STYLE = { paint: new Chalk({ level: 0 }), width: 100 };

/** Runs a spec, or a spec file, under each seed as a test of its own, which fails with the explanation and how to see it again. */
function each(seeds: readonly Seed[]) {
  return (name: string, spec: SimulationSpec | string, more?: MoreChecks): void => {
    for (const seed of seeds) {
      const title = `${name} (seed ${seed})`;
      test(title, { timeout: TIMEOUT }, async () => {
        const resolved = await resolve(spec, seed);
        const simulated = await runSpec(resolved);
        refuse(simulated, replayOf(spec, resolved, title));
        await more?.(simulated);
      });
    }
  };
}

/** Runs a spec once and answers with what came of it, whatever that is. */
async function run(spec: SimulationSpec | string, seed: Seed): Promise<Simulated> {
  return runSpec(await resolve(spec, seed));
}

export const simulation = { test: { each }, run };

async function resolve(spec: SimulationSpec | string, seed: Seed): Promise<ResolvedSpec> {
  if (typeof spec === 'string') {
    const { data, locate } = readSpecFile(spec);
    if (data.system === undefined) throw new UsageError(`${spec}: names no system`);
    return simulated(
      resolveSpec({ ...data, system: data.system, seed }, await registryWith(data.system), locate),
    );
  }
  const { system, ...settings } = spec;
  const input = readSpecFlags(settings, (path) => path.map(String).join('.'));
  const [name, registry] =
    typeof system === 'string' ? [system, await registryWith(system)] : [system.name, withSystem(system)];
  return simulated(resolveSpec({ ...input, system: name, seed }, registry));
}

function simulated(resolved: ResolvedSpec): ResolvedSpec {
  const { world, system } = resolved.spec;
  if (world !== 'sim') throw new UsageError(`${system}: the ${world} world is no simulation; use momus test`);
  return resolved;
}

/** Throws for a run that isn't valid, or that proves nothing because no operation succeeded. */
function refuse({ outcome, history }: Simulated, replay: string): void {
  const silent = outcome.counts.ok === 0;
  if (outcome.valid === true && !silent) return;
  const why = judgedRun(outcome, proofsOf(outcome.verdicts, history), STYLE);
  const error = new Error(
    `${silent ? 'no operation ever succeeded\n\n' : ''}${why}\n\n${figures(outcome)}\nreplay  ${replay}`,
  );
  // The place in Momus where it was thrown tells nobody anything.
  error.stack = `Error: ${error.message}`;
  throw error;
}

/** A system that only the test file knows is replayed by that test. */
function replayOf(spec: SimulationSpec | string, resolved: ResolvedSpec, title: string): string {
  if (typeof spec !== 'string' && typeof spec.system !== 'string')
    return `npx vitest run -t ${JSON.stringify(title)}`;
  return `npx momus ${testArguments(resolved).join(' ')}`;
}
