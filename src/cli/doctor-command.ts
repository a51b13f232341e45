import type { Command } from 'commander';
import type { Finish } from './program.ts';
import type { Terminal } from './terminal.ts';

/** What was typed after `momus doctor`. */
export interface DoctorFlags {
  readonly install?: boolean;
  readonly clean?: boolean;
  readonly json?: boolean;
}

/** Adds `momus doctor`. */
export function doctorCommand(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('doctor')
    .description('Say what this machine can do in the linux world, and mend it')
    .argument('[systems...]', 'only these systems of real servers')
    .option('--install', 'install what is missing: Debian packages (root), and packages of npm beside Momus')
    .option('--clean', 'take away what runs left behind whose controller was killed (root)')
    .option('--json', 'print one line of JSON')
    .action(async (systems: readonly string[], flags: DoctorFlags) => {
      const { doctor } = await import('./doctor.ts');
      finish(await doctor(systems, flags, terminal));
    });
}
