import type { Command } from 'commander';
import type { Finish } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Adds `momus explain`. */
export function explainCommand(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('explain')
    .description('Explain a system, a bug, a model or an anomaly')
    .argument('[name]', 'raft, stale-leader-read, snapshot-isolation, fair-loss, G-single ...')
    .option('--json', 'print one JSON array')
    .action(async (name: string | undefined, flags: { readonly json?: boolean }) => {
      const { explain } = await import('./explain.ts');
      finish(explain(name, flags.json ?? false, terminal));
    });
}
