import { Command, CommanderError } from 'commander';
import { describeError, isUsage } from '../campaign/describe-error.ts';
import { VERSION } from '../version.ts';
import { campaignCommand } from './campaign-command.ts';
import { checkCommand } from './check-command.ts';
import { choose } from './choose.ts';
import { convertCommand } from './convert-command.ts';
import { diffCommand } from './diff-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { EXIT } from './exit-codes.ts';
import { explainCommand } from './explain-command.ts';
import { listCommand } from './list-command.ts';
import { regressCommand } from './regress-command.ts';
import { replayCommand } from './replay-command.ts';
import { saveCommand } from './save-command.ts';
import { schemaCommand } from './schema-command.ts';
import { shrinkCommand } from './shrink-command.ts';
import type { Terminal } from './terminal.ts';
import { testCommand } from './test-command.ts';
import { workerCommand } from './worker-command.ts';

/** A command says with what code the process should end. */
export type Finish = (code: number) => void;

const EXAMPLES = `
Examples:
  momus test raft --runs 100                     the right algorithm, under a swarm of faults
  momus test raft --bug stale-leader-read        one with a mistake in it
  momus replay raft-stale-leader-read-4711       the very same run again
  momus list bugs                                what can be found
  momus explain raft                             what it is, what it promises, what can go wrong
  momus check history.jsonl                      judge a history recorded elsewhere

Exit codes: 0 valid, 1 invalid, 2 unknown, 64 wrong usage, 70 crash, 130 interrupted.`;

/** Runs one command line and returns the exit code. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = EXIT.valid;
  const finish: Finish = (answer) => {
    code = answer;
  };
  const program = createProgram(terminal, finish);
  if (argv.length === 0) {
    program.outputHelp();
    return EXIT.usage;
  }
  try {
    if (argv[0] === 'help' && argv[1] !== undefined)
      choose(
        argv[1],
        program.commands.map((command) => command.name()),
        'help',
      );
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, program, argv, terminal);
  }
}

function createProgram(terminal: Terminal, finish: Finish): Command {
  const program = new Command('momus')
    .description('Finds consistency faults in distributed systems.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .configureHelp({ helpWidth: terminal.width })
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.out(text.trimEnd()),
      outputError: () => {},
    })
    .addHelpText('after', EXAMPLES)
    .exitOverride();
  for (const add of [
    testCommand,
    replayCommand,
    diffCommand,
    shrinkCommand,
    saveCommand,
    regressCommand,
    campaignCommand,
    checkCommand,
    convertCommand,
    doctorCommand,
    listCommand,
    explainCommand,
    schemaCommand,
    workerCommand,
  ])
    add(program, terminal, finish);
  return program;
}

/** Says what went wrong in as few lines as it takes, and gives the exit code for it. */
function explain(error: unknown, program: Command, argv: readonly string[], terminal: Terminal): number {
  const momus = terminal.paintErr.red('momus:');
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.valid;
    const message = error.message
      .replace(/^error: /, '')
      .replace('\n(Did', ' (did')
      .replace(/\.$/, '');
    const command = program.commands.find((known) => known.name() === argv[0]);
    const about = command === undefined ? '' : `${command.name()} `;
    terminal.err(`${momus} ${message}; see ${terminal.momus} ${about}--help`);
    return EXIT.usage;
  }
  if (isUsage(error)) {
    for (const line of error.message.split('\n')) terminal.err(`${momus} ${line}`);
    return EXIT.usage;
  }
  terminal.err(`${momus} ${describeError(error)}`);
  terminal.err(`momus ${VERSION} on Node ${process.version} failed; please report it with the lines above`);
  return EXIT.crash;
}
