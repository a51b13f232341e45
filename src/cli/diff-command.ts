import type { Command } from 'commander';
import type { Finish } from './program.ts';
import type { Terminal } from './terminal.ts';
import { storeOption } from './test-command.ts';

/** What was typed after `momus diff`. */
export interface DiffFlags {
  readonly store: string;
}

const EXIT_CODES = `
Exit codes: 0 the same events, 1 they part.`;

/** Adds `momus diff`. */
export function diffCommand(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('diff')
    .description('Show the first event at which two runs part')
    .argument('<run>', "a run's id or folder, or a history file")
    .argument('<other>', 'the same of another')
    .addOption(storeOption())
    .addHelpText('after', EXIT_CODES)
    .action(async (run: string, other: string, flags: DiffFlags) => {
      const { diff } = await import('./diff.ts');
      finish(await diff(run, other, flags, terminal));
    });
}
