import { type Command, Option } from 'commander';
import type { Finish } from './program.ts';
import type { Terminal } from './terminal.ts';

/** What was typed after `momus test`: texts, as typed. */
export interface TestFlags {
  readonly spec?: string;
  readonly bug?: readonly string[];
  readonly workload?: string;
  readonly nemesis?: readonly string[];
  readonly nodes?: string;
  readonly concurrency?: string;
  readonly rate?: string;
  readonly timeLimit?: string;
  readonly recovery?: string;
  readonly settle?: string;
  readonly timeout?: string;
  readonly param?: readonly string[];
  readonly network?: string;
  readonly nodeFaults?: string;
  readonly timing?: string;
  readonly clockError?: string;
  readonly beyondModel?: boolean;
  readonly failFast?: boolean;
  readonly world?: string;
  readonly clientNetwork?: string;
  readonly disk?: string;
  readonly capture?: boolean;
  readonly transport?: string;
  readonly seed?: string;
  readonly runs: string;
  readonly explore?: boolean;
  readonly threads?: string;
  readonly store: string;
  readonly json?: boolean;
  readonly verifyDeterminism?: boolean;
}

const EXAMPLES = `
Without --workload and --nemesis, a test of a bug takes those that bring it out; any other takes the system's first
workload, and \`swarm\`, which draws faults anew for each seed from all that the model permits.

Examples:
  momus test raft
  momus test raft --bug stale-leader-read --seed 7
  momus test abd --workload register:keys=1 --nemesis partition:kinds=ring+bridge,kill --time-limit 1m
  momus test lww-map --runs 500 --json | jq .valid
  momus test ./my-system.ts --runs 2000 --explore
  momus test --spec my-test.yaml`;

/** Adds `momus test`. */
export function testCommand(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('test')
    .description('Run tests of a system and judge what happened')
    .argument('[system]', 'the system under test; see momus list systems')
    .option('--bug <name>', 'switch a mistake on; may be repeated', several)
    .option('--workload <name>', 'what clients do; parameters as in name:keys=5,reads=2')
    .option('--nemesis <names>', 'which faults are injected: a,b:interval=5s,kinds=x+y or none', several)
    .option('--nodes <n>', 'nodes of the system (default: 5)')
    .option('--concurrency <n>', 'client threads (default: 10)')
    .option('--rate <n>', 'operations a second, all clients together (default: 100)')
    .option('--time-limit <time>', 'how long clients and faults go on (default: 30s)')
    .option(
      '--recovery <time>',
      'how long clients go on once all is healed (default: as the system promises)',
    )
    .option('--settle <time>', 'quiet time before the final reads (default: as the system promises, or 10s)')
    .option('--timeout <time>', 'when a client gives an operation up (default: 5s)')
    .option('--param <name=value>', 'a parameter of the system; may be repeated', several)
    .option('--network <model>', 'what messages may suffer: reliable, fair-loss, arbitrary')
    .option('--node-faults <model>', 'what nodes may suffer: crash-stop, crash-recovery, byzantine')
    .option('--timing <model>', 'what may be late: synchronous, partially-synchronous, asynchronous')
    .option('--clock-error <time>', 'how far from true time a wall clock may be')
    .option('--beyond-model', 'let nemeses go beyond the model; the verdict will say so')
    .option('--fail-fast', 'end each run at the first violation that can be told before its end')
    .option('--world <world>', 'where nodes live: sim, or linux, as real processes (root)')
    .option('--client-network <kind>', 'linux: healthy, or faulty, so that network faults hit clients too')
    .option('--disk <kind>', 'linux: faulty, or plain, without the disk that can be injured')
    .option('--transport <kind>', 'linux: how node programs send messages: tcp, or udp, as datagrams')
    .option('--capture', 'linux: keep the packets, as packets.pcap')
    .option('--seed <seed>', 'a number or a text (default: a fresh one, which is printed)')
    .option('--runs <n>', 'how many runs, each with the next seed', '1')
    .option('--explore', 'change the faults of runs that showed something new, besides drawing fresh seeds')
    .option('--threads <n>', 'worker threads (default: one for each core)')
    .option('--spec <file>', 'read the test from a YAML file; flags win over it')
    .addOption(storeOption())
    .option('--json', 'print a line of JSON for each run')
    .option('--verify-determinism', 'run it twice and name the first event at which the two differ')
    .addHelpText('after', EXAMPLES)
    .action(async (system: string | undefined, flags: TestFlags) => {
      const { test } = await import('./test.ts');
      finish(await test(system, flags, terminal));
    });
}

/** Where runs are stored. */
export function storeOption(): Option {
  return new Option('--store <dir>', 'folder where runs are kept').default('.momus');
}

function several(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
