import type { Command } from 'commander';
import type { Finish } from './program.ts';
import type { Terminal } from './terminal.ts';
import { storeOption } from './test-command.ts';

/** What was typed after `momus campaign`. */
export interface CampaignFlags {
  readonly seeds: string;
  readonly threads?: string;
  readonly store: string;
  readonly json?: boolean;
}

/** Adds `momus campaign`. */
export function campaignCommand(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('campaign')
    .description('Test every built-in system, right and with each of its bugs')
    .option('--seeds <n>', 'runs of each right system with each workload; a bug is sought until found', '5')
    .option('--threads <n>', 'worker threads (default: one for each core)')
    .addOption(storeOption())
    .option('--json', 'print a line of JSON for each cell of the table')
    .addHelpText('after', '\nEnds with 0 when every bug was found and no right system accused, else with 1.')
    .action(async (flags: CampaignFlags) => {
      const { campaign } = await import('./campaign.ts');
      finish(await campaign(flags, terminal));
    });
}
