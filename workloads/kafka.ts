import { kafka as logs } from '../checkers/kafka/kafka.ts';
import { stats } from '../checkers/stats.ts';
import { threadOf } from '../src/generator/context.ts';
import type { Generator } from '../src/generator/generator.ts';
import { timeLimit } from '../src/generator/limits.ts';
import { type Draft, operations } from '../src/generator/operations.ts';
import { delay } from '../src/generator/pace.ts';
import { MILLISECOND } from '../src/world/nanos.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import type { RandomStream } from '../src/world/random.ts';
import { FINALE_BOUND } from './final-reads.ts';
import { Positions, polledNothing } from './log-positions.ts';
import type { Workload, WorkloadOptions } from './workload.ts';

const PARAMETERS = {
  logs: { type: 'integer', default: 4, min: 1, about: 'logs that clients send to' },
  sends: { type: 'probability', default: 0.5, about: 'share of sends among the operations' },
  assigns: {
    type: 'probability',
    default: 0.05,
    about: 'how often a client turns to other logs, and begins with them anew',
  },
  'max-length': { type: 'integer', default: 4, min: 1, about: 'sends and polls of the longest transaction' },
} as const satisfies Parameters;

/** A part of an operation: sends a value to a log, or polls its logs, each from an offset on. */
type MicroOperation = readonly ['send', string, number] | readonly ['poll', Readonly<Record<string, number>>];

/**
 * Append-only logs (Jepsen's and Maelstrom's `kafka`). `assign`: the logs that the client is to poll from now on. `send`:
 * `[["send", log, value]]` → `[["send", log, [offset, value]]]`, a value that is never sent again. `poll`:
 * `[["poll", { log: offset }]]` → `[["poll", { log: [[offset, value], ...] }]]`, what stands from each offset on, or the
 * beginning of that. `txn`, where it is served: several of both, all at once. In the end every log is polled to its end.
 */
export const kafka: Workload = {
  name: 'kafka',
  about: 'clients send unique values to logs and poll them, each from where it left off',
  parameters: PARAMETERS,
  generator(options) {
    const { sends, assigns, 'max-length': maxLength } = typed(options);
    const names = logNames(options);
    const positions = new Positions();
    const transactions = options.functions.includes('txn');
    let sent = 0;
    const send = (random: RandomStream): MicroOperation => ['send', random.pick(names), ++sent];
    const ops = operations(({ random }, thread): Draft => {
      const own = positions.of(thread);
      if (own === undefined || random.chance(assigns)) return { f: 'assign', value: someOf(names, random) };
      const poll: MicroOperation = ['poll', own];
      if (transactions && random.chance(0.5)) {
        // One poll at most, as a second one couldn't know where the first will end; and before the sends, which it must not see.
        const polls = random.chance(1 - sends) ? [poll] : [];
        const length = random.between(1, maxLength);
        return { f: 'txn', value: [...polls, ...Array.from({ length }, () => send(random))] };
      }
      return random.chance(sends) ? { f: 'send', value: [send(random)] } : { f: 'poll', value: [poll] };
    });
    return { next: ops.next, observe: (event, context) => positions.observe(event, context) };
  },
  finale: (options) => pollToTheEnd(logNames(options)),
  checkers: () => [logs(), stats()],
};

function typed({ parameters }: WorkloadOptions): ParameterValues<typeof PARAMETERS> {
  return parameters as ParameterValues<typeof PARAMETERS>;
}

function logNames(options: WorkloadOptions): string[] {
  return Array.from({ length: typed(options).logs }, (_, i) => `log${i}`);
}

/** Some of the logs, one at least. */
function someOf(names: readonly string[], random: RandomStream): readonly string[] {
  const some = names.filter(() => random.chance(0.5));
  return some.length > 0 ? some : [random.pick(names)];
}

/** Between the last polls, so that a system that is down isn't asked without end at one instant. */
const BETWEEN_POLLS = 10 * MILLISECOND;

/** Clients poll all logs from the beginning, until one of them finds no more. */
function pollToTheEnd(names: readonly string[]): Generator {
  const positions = new Positions();
  const polls = delay(
    BETWEEN_POLLS,
    operations((_, thread): Draft => {
      const own = positions.of(thread);
      return own === undefined ? { f: 'assign', value: names } : { f: 'poll', value: [['poll', own]] };
    }),
  );
  let begun = false;
  let ended = false;
  return timeLimit(FINALE_BOUND, {
    next(context) {
      begun = true;
      return ended ? 'done' : polls.next(context);
    },
    observe(event, context) {
      if (!begun) return;
      const known = positions.of(threadOf(event.process, context.concurrency)) !== undefined;
      ended ||= known && polledNothing(event);
      positions.observe(event, context);
    },
  });
}
