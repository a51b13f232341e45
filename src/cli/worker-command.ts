import type { Command } from 'commander';
import type { Finish } from './program.ts';
import type { Terminal } from './terminal.ts';

/** What was typed after `momus worker`. */
export interface WorkerFlags {
  readonly queue: string;
  readonly threads?: string;
}

/** Adds `momus worker`. */
export function workerCommand(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('worker')
    .description('Perform runs for campaigns that are started with --queue, on any number of machines')
    .requiredOption('--queue <url>', 'the Redis or Valkey server: redis://host:6379')
    .option('--threads <n>', 'worker threads (default: one for each core)')
    .action(async (flags: WorkerFlags) => {
      const { worker } = await import('./worker.ts');
      finish(await worker(flags, terminal));
    });
}
