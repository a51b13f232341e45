import type { Nanos } from '../../../world/nanos.ts';
import type { NodeContext, RequestId } from '../../../world/node-program.ts';

/** Measures how long waiting takes. */
export class Stopwatches {
  private readonly context: NodeContext<never>;
  private readonly clock: () => Nanos;
  private readonly running = new Map<string, { readonly request: RequestId; readonly since: Nanos }>();
  private started = 0;

  /** `clock` is what it measures by. */
  constructor(context: NodeContext<never>, clock: () => Nanos) {
    this.context = context;
    this.clock = clock;
  }

  /** Answers the request after about `wait`, with the time that has passed. */
  start(request: RequestId, wait: Nanos): void {
    const name = `stopwatch/${++this.started}`;
    this.running.set(name, { request, since: this.clock() });
    this.context.setTimer(name, wait);
  }

  /** False if the timer is none of its own. */
  onTimer(name: string): boolean {
    const watch = this.running.get(name);
    if (watch === undefined) return false;
    this.running.delete(name);
    this.context.reply(watch.request, { type: 'ok', value: this.clock() - watch.since });
    return true;
  }
}
