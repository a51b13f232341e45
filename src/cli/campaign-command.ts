import type { Command } from 'commander';
import type { Finish } from './program.ts';
import type { Terminal } from './terminal.ts';
import { storeOption } from './test-command.ts';

/** What was typed after `momus campaign`. */
export interface CampaignFlags {
  readonly seeds?: string;
  readonly threads?: string;
  readonly queue?: string;
  readonly store: string;
  readonly fresh?: boolean;
  readonly json?: boolean;
}

const HELP = `
Without a file: every built-in system, right and with each of its bugs; ends with 0 when every bug was found and no right
system accused, else with 1. An interrupted campaign goes on where it stopped when it is started again.

A campaign file:
  systems: [raft, { system: abd, bugs: [no-write-back] }]
  nemeses: [swarm, "partition:kinds=leader,kill", none]
  seeds: 1..1000                    or forever, or { until: 10m }
  stop: { distinct: 3 }`;

/** Adds `momus campaign`. */
export function campaignCommand(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('campaign')
    .description('Run many tests: those of a campaign file, or of every built-in system')
    .argument('[file]', 'a campaign file (YAML); see docs/campaigns.md')
    .option('--seeds <n>', 'without a file: runs of each right system with each workload (default: 5)')
    .option('--threads <n>', 'worker threads (default: one for each core)')
    .option('--queue <url>', 'let the workers at this Redis or Valkey server perform it: redis://host:6379')
    .option('--fresh', 'begin anew though the last one was interrupted')
    .addOption(storeOption())
    .option('--json', 'print a line of JSON for each test, and one for each distinct failure')
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, flags: CampaignFlags) => {
      const { campaign } = await import('./campaign.ts');
      finish(await campaign(file, flags, terminal));
    });
}
