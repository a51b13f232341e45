import type { Command } from 'commander';
import type { Finish } from './program.ts';
import type { Terminal } from './terminal.ts';
import { storeOption } from './test-command.ts';

/** What was typed after `momus save`. */
export interface SaveFlags {
  readonly store: string;
}

/** Adds `momus save`. */
export function saveCommand(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('save')
    .description('Keep the spec of a run in a folder of regressions')
    .argument('<run>', "a run's id or folder, or a spec file with a seed")
    .argument('<dir>', 'folder of regressions, for momus regress')
    .addOption(storeOption())
    .action(async (run: string, dir: string, flags: SaveFlags) => {
      const { save } = await import('./save.ts');
      finish(await save(run, dir, flags, terminal));
    });
}
