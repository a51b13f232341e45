import type { Command } from 'commander';
import type { Finish } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Adds `momus convert`. */
export function convertCommand(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('convert')
    .description('Write a history in another format')
    .argument('<from>', 'JSON Lines, Jepsen EDN, Porcupine or etcd logs; .gz too')
    .argument('<to>', 'a new file: .jsonl or .edn, and .gz if you like')
    .option('--format <name>', 'the format of the first file, where its name and content do not tell')
    .option('--force', 'replace the second file if it exists')
    .action(
      async (from: string, to: string, flags: { readonly format?: string; readonly force?: boolean }) => {
        const { convert } = await import('./convert.ts');
        finish(await convert(from, to, flags, terminal));
      },
    );
}
