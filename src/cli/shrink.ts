import { existsSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { runJudgedApart } from '../campaign/judge-apart.ts';
import { registryWith } from '../campaign/load-system.ts';
import type { ScriptedSpec } from '../campaign/shrink/shrink.ts';
import { shrinkRun } from '../campaign/shrink/shrink-run.ts';
import { counted, grouped } from '../report/counts.ts';
import { judgedRun } from '../report/judged-run.ts';
import { table } from '../report/layout.ts';
import { proofsOf } from '../report/proof.ts';
import { formatSpec } from '../spec/format.ts';
import { anomalyKinds } from '../spec/outcome.ts';
import { resolveSpec } from '../spec/resolve.ts';
import { formatDuration } from '../world/nanos.ts';
import { UsageError } from '../world/usage-error.ts';
import { EXIT, exitCode } from './exit-codes.ts';
import { interruptible } from './interrupt.ts';
import { openSpec } from './open-spec.ts';
import { poolOf } from './pool-for.ts';
import type { ShrinkFlags } from './shrink-command.ts';
import type { Terminal } from './terminal.ts';

/** `momus shrink`: finds and writes the smallest test that fails as a run did. Returns the exit code of its verdict. */
export async function shrink(run: string, flags: ShrinkFlags, terminal: Terminal): Promise<number> {
  const resolved = await openSpec(run, flags.store);
  if (resolved.spec.world !== 'sim')
    throw new UsageError(
      `${run}: only runs of the sim world can be shrunk, since only they can be repeated exactly`,
    );
  const file = flags.to ?? `${basename(run).replace(/\.ya?ml$/, '')}-small.yaml`;
  if (existsSync(file) && flags.to === undefined)
    throw new UsageError(`${file} exists; name another file with --to, or the same to replace it`);
  const { outcome, history } = await runJudgedApart(resolved);
  if (outcome.valid !== false)
    throw new UsageError(
      `${run}: ${outcome.valid === true ? 'is valid' : 'has no verdict'}, so there is nothing to shrink`,
    );

  const { paint } = terminal;
  const rows = [['', 'operations', 'faults', 'nodes', 'clients', 'time', 'runs tried']];
  const pool = poolOf(flags.threads);
  const { result: small, interrupted } = await interruptible(
    () => pool.stop(),
    terminal,
    () =>
      shrinkRun(outcome, history, {
        pool,
        onStep: (what, spec, runs) => {
          rows.push(row(what, spec, runs));
          if (terminal.watched) terminal.err(paint.dim(rows.at(-1)!.join('  ')));
        },
      }),
  );
  await pool.close();
  if (interrupted) return EXIT.interrupted;
  const again = resolveSpec(small.spec, await registryWith(small.spec.system));
  const { outcome: found, history: shown } = await runJudgedApart(again);
  writeFileSync(file, formatSpec(small.spec, anomalyKinds(found)));
  terminal.out(
    `${table(rows.map((cells, i) => (i === 0 ? cells.map((cell) => paint.dim(cell)) : cells)))}\n`,
  );
  terminal.out(`${judgedRun(found, proofsOf(found.verdicts, shown), terminal)}\n`);
  terminal.out(`  ${paint.dim(`${counted(small.runs, 'run')} tried`)} · ${paint.dim('written to')} ${file}`);
  terminal.out(`  ${paint.dim('replay')}  ${terminal.momus} replay ${file}`);
  return exitCode(found.valid);
}

function row(
  what: string,
  { script, nodes, concurrency, timeLimit, recovery, settle }: ScriptedSpec,
  runs: number,
): string[] {
  return [
    what,
    grouped(script.operations.length),
    grouped(script.faults.length),
    String(nodes),
    String(concurrency),
    formatDuration(Math.ceil((timeLimit + recovery + settle) / 1e6) * 1e6),
    grouped(runs),
  ];
}
