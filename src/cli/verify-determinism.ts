import { runSpec } from '../campaign/run-spec.ts';
import { grouped } from '../report/counts.ts';
import type { ResolvedSpec } from '../spec/resolve.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Runs a test twice and compares every event of the simulator, far more than the history has. Returns the exit code. */
export async function verifyDeterminism(resolved: ResolvedSpec, terminal: Terminal): Promise<number> {
  const first: string[] = [];
  const once = await runSpec(resolved, { onStep: (line) => first.push(line) });
  let events = 0;
  let different: { readonly index: number; readonly line: string } | undefined;
  const twice = await runSpec(resolved, {
    onStep(line) {
      if (different === undefined && line !== first[events]) different = { index: events, line };
      events++;
    },
  });
  if (different === undefined && events < first.length) different = { index: events, line: 'the end' };
  const { paint } = terminal;
  if (different === undefined && once.outcome.fingerprint === twice.outcome.fingerprint) {
    const agreed = `two runs of seed ${resolved.spec.seed} agree in all ${grouped(events)} events`;
    terminal.out(`${paint.green('✓ deterministic')}: ${agreed} · fingerprint ${once.outcome.fingerprint}`);
    return EXIT.valid;
  }
  const where =
    different === undefined ? 'only in the values of operations' : `at event ${grouped(different.index)}`;
  terminal.out(
    `${paint.red('✗ not deterministic')}: two runs of seed ${resolved.spec.seed} differ, first ${where}`,
  );
  if (different !== undefined) {
    terminal.out(`  ${paint.dim('first run ')}  ${first[different.index] ?? 'the end'}`);
    terminal.out(`  ${paint.dim('second run')}  ${different.line}`);
  }
  return EXIT.invalid;
}
