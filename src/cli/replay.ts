import { writeFileSync } from 'node:fs';
import { together } from '../../checkers/compose.ts';
import { type Comparison, compareRuns } from '../campaign/compare-runs.ts';
import { runJudgedApart } from '../campaign/judge-apart.ts';
import { grouped } from '../report/counts.ts';
import { earlyEnd, figures, judgedRun } from '../report/judged-run.ts';
import { cut } from '../report/layout.ts';
import { proofsOf } from '../report/proof.ts';
import { diagramOf } from '../report/space-time/diagram.ts';
import { testHeader } from '../report/test-header.ts';
import { plainSpec } from '../spec/format.ts';
import { nodeNames, type ResolvedSpec } from '../spec/resolve.ts';
import { openRun, type RecordedRun } from '../store/recorded-run.ts';
import type { RunRecord } from '../store/run-folder.ts';
import { Store } from '../store/store.ts';
import { VERSION } from '../version.ts';
import type { Travel } from '../world/travel.ts';
import { UsageError } from '../world/usage-error.ts';
import { exitCode } from './exit-codes.ts';
import { isFile, resolveFile } from './open-spec.ts';
import type { ReplayFlags } from './replay-command.ts';
import type { Terminal } from './terminal.ts';
import { runTests } from './test.ts';

/** `momus replay`: runs the very same test again. Returns the exit code of the verdict. */
export async function replay(run: string, flags: ReplayFlags, terminal: Terminal): Promise<number> {
  const recorded = isFile(run) ? undefined : openRun(new Store(flags.store).find(run));
  const resolved = await resolveFile(recorded?.specFile ?? run);
  if (resolved.spec.world !== 'sim') return runAgain(resolved, run, recorded, flags, terminal);
  if (!flags.json) terminal.out(`${testHeader(resolved, `seed ${resolved.spec.seed}`, terminal)}\n`);
  const travels: Travel[] = [];
  const onTravel = flags.diagram === undefined ? undefined : (travel: Travel) => void travels.push(travel);
  const { outcome, history } = await runJudgedApart(resolved, { onTravel });
  const proofs = proofsOf(outcome.verdicts, history);
  const compared = recorded && (await compareRuns(recorded, history, outcome.fingerprint));
  if (flags.diagram !== undefined) {
    const observed = { history, travels, nodes: nodeNames(resolved.spec.nodes) };
    writeFileSync(flags.diagram, diagramOf(outcome, proofs, observed));
  }
  // A run that isn't the recorded one says nothing about that.
  const valid = compared?.same === false ? together([outcome.valid, 'unknown']) : outcome.valid;
  if (flags.json) {
    const { spec, ...rest } = outcome;
    terminal.out(JSON.stringify({ run, same: compared?.same ?? null, ...rest, spec: plainSpec(spec) }));
    return exitCode(valid);
  }
  terminal.out(`${judgedRun(outcome, proofs, terminal)}\n`);
  terminal.out(`  ${terminal.paint.dim(figures(outcome))}`);
  const early = earlyEnd(outcome);
  if (early !== undefined) terminal.out(`  ${terminal.paint.dim(early)}`);
  if (compared !== undefined) terminal.out(comparison(compared, recorded?.record, terminal));
  return exitCode(valid);
}

/** Where time and chance are real, a replay is another run of the same spec: the same faults, drawn from the same seed. */
async function runAgain(
  resolved: ResolvedSpec,
  run: string,
  recorded: RecordedRun | undefined,
  flags: ReplayFlags,
  terminal: Terminal,
): Promise<number> {
  if (flags.diagram !== undefined)
    throw new UsageError('--diagram: only runs of the sim world tell of each message');
  const code = await runTests(resolved, { ...flags, runs: '1' }, terminal);
  if (flags.json || recorded === undefined) return code;
  const before = recorded.valid;
  const was = before === undefined ? 'has no verdict' : `was ${VALIDITY[String(before)]}`;
  const why = `the ${resolved.spec.world} world has real time and chance, so this is another run of the same spec`;
  terminal.out(`  ${terminal.paint.dim(`${why}; ${run} ${was}`)}`);
  return code;
}

const VALIDITY: Readonly<Record<string, string>> = { true: 'valid', false: 'invalid', unknown: 'unknown' };

function comparison(compared: Comparison, record: RunRecord | undefined, { paint, width }: Terminal): string {
  if (compared.same) {
    const cutShort = `the run was cut short; the replay agrees with all ${grouped(compared.events)} events of it`;
    const same = `the same run: ${grouped(compared.events)} events, fingerprint ${record?.fingerprint}`;
    return `  ${paint.green('✓')} ${compared.cutShort ? cutShort : same}`;
  }
  const { index, recorded, replayed } = compared.difference;
  const lines = [
    `${paint.red.bold('✗ NOT the same run')}: the histories differ first at event ${grouped(index)}`,
    `    ${paint.dim('recorded')}  ${cut(recorded ?? 'has ended', width - 14)}`,
    `    ${paint.dim('replayed')}  ${cut(replayed ?? 'has ended', width - 14)}`,
  ];
  if (record !== undefined && record.momus !== VERSION)
    lines.push(`    it was recorded by momus ${record.momus}; this is ${VERSION}`);
  else
    lines.push(
      '    the system, Momus or one of its parts has changed since, or the system is not deterministic',
    );
  return `  ${lines.join('\n')}`;
}
