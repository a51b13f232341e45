import type { NodeId } from '../../../faults/fault.ts';
import type { NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import type { Query } from '../shared/request-client.ts';
import { STEP } from './constants.ts';
import { DisciplinedClock } from './disciplined-clock.ts';
import type { TimeMessage } from './messages.ts';
import type { Settings } from './settings.ts';
import { Stopwatches } from './stopwatches.ts';

/** The time server. Its machine's wall clock has a good reference; the server follows it without jumping with it. */
export class TimeServer implements NodeProgram<TimeMessage, Query> {
  private readonly context: NodeContext<TimeMessage>;
  private readonly settings: Settings;
  private readonly clock: DisciplinedClock;
  private readonly life: number;
  private readonly stopwatches: Stopwatches;

  constructor(context: NodeContext<TimeMessage>, settings: Settings) {
    this.context = context;
    this.settings = settings;
    this.clock = new DisciplinedClock(() => context.monotonic(), context.wallClock());
    this.life = context.random.uint32();
    this.stopwatches = new Stopwatches(context, () => context.monotonic());
  }

  onStart(): void {
    this.context.setTimer('follow', this.settings.poll);
  }

  onRequest(request: RequestId, { f, value }: Query): void {
    if (f === 'elapsed') {
      this.stopwatches.start(request, value as number);
      return;
    }
    const { clock, life } = this;
    const reading = { time: clock.read(), error: this.settings['server-error'], life, steps: clock.steps };
    this.context.reply(request, { type: 'ok', value: reading });
  }

  onMessage(from: NodeId, message: TimeMessage): void {
    if (message.type !== 'request') return;
    const { clock, t1 } = message;
    const now = this.clock.read();
    const error = this.settings['server-error'];
    this.context.send(from, { type: 'response', clock, t1, t2: now, t3: now, error });
  }

  onTimer(name: string): void {
    if (this.stopwatches.onTimer(name)) return;
    const offset = this.context.wallClock() - this.clock.read();
    if (Math.abs(offset) >= STEP) this.clock.step(offset);
    else this.clock.slew(offset);
    this.context.setTimer('follow', this.settings.poll);
  }
}
