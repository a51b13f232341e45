import type { Command } from 'commander';
import type { Finish } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Adds `momus list`. */
export function listCommand(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('list')
    .description('List systems, bugs, workloads, nemeses or checkers')
    .argument('[what]', 'systems, bugs, workloads, nemeses or checkers')
    .argument('[system]', 'with bugs: only those of this system')
    .option('--json', 'print one JSON array')
    .action(
      async (what: string | undefined, system: string | undefined, flags: { readonly json?: boolean }) => {
        const { list } = await import('./list.ts');
        finish(list(what, system, flags.json ?? false, terminal));
      },
    );
}
