import type { Op } from '../histories/op.ts';
import { threadOf } from '../src/generator/context.ts';
import type { GeneratorContext, Thread } from '../src/generator/generator.ts';

/** From each log that a client polls, the offset at which it goes on. */
export type Position = Readonly<Record<string, number>>;

type Polled = readonly [
  kind: string,
  logs: Readonly<Record<string, readonly (readonly [number, unknown])[]>>,
];

/** Follows the clients through the logs that they are assigned, as the clients of Kafka do for themselves. */
export class Positions {
  private readonly byThread = new Map<Thread, Position>();

  /** Undefined while the client has no logs. */
  of(thread: Thread): Position | undefined {
    return this.byThread.get(thread);
  }

  observe({ process, type, f, value }: Op, { concurrency }: GeneratorContext): void {
    if (process === 'nemesis' || type === 'invoke' || type === 'fail') return;
    const thread = threadOf(process, concurrency);
    // A new client takes the thread, and it has no logs.
    if (type === 'info') this.byThread.delete(thread);
    else if (f === 'assign') this.byThread.set(thread, beginningOf(value as readonly string[]));
    else this.goOn(thread, value as readonly Polled[]);
  }

  private goOn(thread: Thread, value: readonly Polled[]): void {
    const moved = { ...this.byThread.get(thread) };
    for (const [kind, logs] of value) {
      if (kind !== 'poll') continue;
      for (const [log, messages] of Object.entries(logs)) {
        const last = messages.at(-1);
        if (last !== undefined) moved[log] = last[0] + 1;
      }
    }
    this.byThread.set(thread, moved);
  }
}

function beginningOf(logs: readonly string[]): Position {
  return Object.fromEntries(logs.map((log) => [log, 0]));
}

/** Whether the operation polled, and there was nothing. */
export function polledNothing({ type, f, value }: Op): boolean {
  if (type !== 'ok' || f !== 'poll') return false;
  return (value as readonly Polled[]).every(([, logs]) =>
    Object.values(logs).every((messages) => messages.length === 0),
  );
}
