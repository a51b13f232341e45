import type { Command } from 'commander';
import type { Finish } from './program.ts';
import type { Terminal } from './terminal.ts';
import { storeOption } from './test-command.ts';

/** What was typed after `momus replay`. */
export interface ReplayFlags {
  readonly store: string;
  readonly json?: boolean;
  readonly diagram?: string;
  readonly bisect?: boolean;
}

/** Adds `momus replay`. */
export function replayCommand(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('replay')
    .description('Run a stored run again and compare')
    .argument('<run>', "a run's id or folder, or a spec file")
    .addOption(storeOption())
    .option('--json', 'print one line of JSON')
    .option(
      '--diagram <file.svg>',
      'draw the space-time diagram of the first violation, or of the first operations',
    )
    .option('--bisect', 'for git bisect run: exit code 0 valid, 1 invalid, 125 for anything else')
    .action(async (run: string, flags: ReplayFlags) => {
      if (flags.bisect) {
        const { bisect } = await import('./bisect.ts');
        return finish(await bisect(run, flags, terminal));
      }
      const { replay } = await import('./replay.ts');
      finish(await replay(run, flags, terminal));
    });
}
