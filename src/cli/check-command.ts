import type { Command } from 'commander';
import type { Finish } from './program.ts';
import type { Terminal } from './terminal.ts';

/** What was typed after `momus check`. */
export interface CheckFlags {
  readonly checker?: string;
  readonly model?: string;
  readonly initial?: string;
  readonly format?: string;
  readonly steps?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Without --checker and --model, the functions in the history decide: registers, sets, counters, queues, stacks, locks,
accounts, ids, logs, decisions and transactions are known. --model is an object's, and then it is about linearizability, or
one of transactions.

Examples:
  momus check history.jsonl
  momus check etcd.log --model cas-register
  momus check store/latest/history.edn --checker set-full
  momus check history.edn --model snapshot-isolation`;

/** Adds `momus check`. */
export function checkCommand(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('check')
    .description('Judge a recorded history, whoever recorded it')
    .argument('<file>', 'JSON Lines, Jepsen EDN, Porcupine or etcd logs; .gz too')
    .option('--checker <name>', 'which checker; see momus list checkers')
    .option(
      '--model <name>',
      'linearizability of a register, queue, set, mutex ..., or snapshot-isolation, serializable ...',
    )
    .option('--initial <json>', 'the value that a register holds at first (default: null)')
    .option('--format <name>', 'the format of the file, where its name and content do not tell')
    .option('--steps <n>', 'how much the checker may spend (default: 50000000)')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: CheckFlags) => {
      const { check } = await import('./check.ts');
      finish(await check(file, flags, terminal));
    });
}
