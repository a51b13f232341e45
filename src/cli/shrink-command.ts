import type { Command } from 'commander';
import type { Finish } from './program.ts';
import type { Terminal } from './terminal.ts';
import { storeOption } from './test-command.ts';

/** What was typed after `momus shrink`. */
export interface ShrinkFlags {
  readonly store: string;
  readonly to?: string;
  readonly threads?: string;
}

/** Adds `momus shrink`. */
export function shrinkCommand(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('shrink')
    .description('Find the smallest test that fails as a stored run did')
    .argument('<run>', "a run's id or folder, or a spec file with a seed")
    .option('--to <file.yaml>', 'where the small test is written (default: RUN-small.yaml)')
    .option('--threads <n>', 'worker threads (default: one for each core)')
    .addOption(storeOption())
    .action(async (run: string, flags: ShrinkFlags) => {
      const { shrink } = await import('./shrink.ts');
      finish(await shrink(run, flags, terminal));
    });
}
