import type { Command } from 'commander';
import type { Finish } from './program.ts';
import type { Terminal } from './terminal.ts';
import { storeOption } from './test-command.ts';
import type { ReportFlags } from './write-reports.ts';

/** What was typed after `momus regress`. */
export interface RegressFlags extends ReportFlags {
  readonly store: string;
  readonly known?: boolean;
  readonly fixed?: boolean;
  readonly threads?: string;
}

const EXAMPLES = `
Examples:
  momus save raft-stale-leader-read-4711 regressions   keep what failed
  momus regress regressions                            does it pass by now, and does it stay so?
  momus regress known-bugs --known                     is each of them still there?

Exit codes: 0 all as it should be, 1 one is not, 70 a run crashed, 64 a file is broken, 2 unknown; the first of these that
holds for any spec.`;

/** Adds `momus regress`. */
export function regressCommand(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('regress')
    .description('Run every spec that was saved in a folder')
    .argument('<dir>', 'folder with spec files; momus save puts them there')
    .option('--fixed', 'each must pass (default)')
    .option('--known', 'each must still fail; names those that no longer do')
    .option('--threads <n>', 'worker threads (default: one for each core)')
    .option('--junit <file.xml>', 'write a report as JUnit XML')
    .option('--sarif <file.sarif>', 'write what failed as SARIF 2.1.0, for code scanning')
    .addOption(storeOption())
    .addHelpText('after', EXAMPLES)
    .action(async (dir: string, flags: RegressFlags) => {
      const { regress } = await import('./regress.ts');
      finish(await regress(dir, flags, terminal));
    });
}
