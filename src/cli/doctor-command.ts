import { type Command, Option } from 'commander';
import type { Finish } from './program.ts';
import type { Terminal } from './terminal.ts';

/** What was typed after `momus doctor`. */
export interface DoctorFlags {
  readonly install?: boolean;
  readonly json?: boolean;
}

/** Adds `momus doctor`. */
export function doctorCommand(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('doctor')
    .description('Say what this machine can do in the linux world, and mend it')
    .argument('[systems...]', 'only these systems of real servers')
    .option('--install', 'install what is missing: Debian packages (root), and packages of npm beside Momus')
    .addOption(
      new Option(
        '--clean',
        'only take away what runs left behind whose controller was killed (root)',
      ).conflicts('install'),
    )
    .option('--json', 'print one line of JSON')
    .action(async (systems: readonly string[], flags: DoctorFlags & { readonly clean?: boolean }) => {
      if (flags.clean) {
        const { cleanUp } = await import('./clean.ts');
        return finish(cleanUp(flags, terminal));
      }
      const { doctor } = await import('./doctor.ts');
      finish(await doctor(systems, flags, terminal));
    });
}
