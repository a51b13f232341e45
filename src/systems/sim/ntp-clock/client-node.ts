import type { NodeId } from '../../../faults/fault.ts';
import { MILLISECOND, type Nanos } from '../../../world/nanos.ts';
import type { NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import type { RandomStream } from '../../../world/random.ts';
import type { Query } from '../shared/request-client.ts';
import { DRIFT_PPM, PANIC, STEP } from './constants.ts';
import { DisciplinedClock } from './disciplined-clock.ts';
import type { TimeMessage } from './messages.ts';
import { type Sample, sampleOf } from './sample.ts';
import type { Settings } from './settings.ts';
import { Stopwatches } from './stopwatches.ts';

/** A node that asks the server for the time, corrects its own clock by it, and knows how wrong that may be. */
export class TimeClient implements NodeProgram<TimeMessage, Query> {
  private readonly context: NodeContext<TimeMessage>;
  private readonly settings: Settings;
  private readonly server: NodeId;
  private readonly bugs: ReadonlySet<string>;
  private readonly clock: DisciplinedClock;
  private readonly life: number;
  private readonly stopwatches: Stopwatches;
  /** How far the clock might be from true time, its remaining offset aside, when the oscillator stood at `at`. */
  private bound: { readonly error: Nanos; readonly at: Nanos } | null = null;
  private panicked = false;

  constructor(
    context: NodeContext<TimeMessage>,
    server: NodeId,
    settings: Settings,
    bugs: ReadonlySet<string>,
  ) {
    this.context = context;
    this.server = server;
    this.settings = settings;
    this.bugs = bugs;
    const wrongBy = bootOffset(settings['boot-offset'], context.random);
    this.clock = new DisciplinedClock(() => context.monotonic(), context.wallClock() + wrongBy);
    this.life = context.random.uint32();
    // How long something takes is for the oscillator to say: the time of day may be corrected meanwhile.
    const elapsed = () => (bugs.has('elapsed-by-wall-clock') ? this.clock.read() : context.monotonic());
    this.stopwatches = new Stopwatches(context, elapsed);
  }

  onStart(): void {
    this.poll();
  }

  /** `read`: → the time, with its error bound, null while there is none. `elapsed`: a time to wait → how long it took. */
  onRequest(request: RequestId, { f, value }: Query): void {
    const { clock, life, context } = this;
    if (f === 'elapsed') {
      this.stopwatches.start(request, value as number);
    } else if (this.panicked) {
      context.reply(request, { type: 'fail', error: 'panic' });
    } else {
      const reading = { time: clock.read(), error: this.error(), life, steps: clock.steps };
      context.reply(request, { type: 'ok', value: reading });
    }
  }

  onMessage(_from: NodeId, message: TimeMessage): void {
    // An answer to a question that was asked by another clock, before a step or a restart, tells nothing about this one.
    if (message.type !== 'response' || message.clock !== this.clockName() || this.panicked) return;
    const sample = sampleOf(message, this.clock.read(), this.bugs);
    const current = this.error();
    // A sample that took long is worth less than what is known already (RFC 5905, section 10: the clock filter).
    if (current === null || sample.error < current) this.correct(sample);
  }

  onTimer(name: string): void {
    if (!this.stopwatches.onTimer(name)) this.poll();
  }

  private poll(): void {
    this.context.send(this.server, { type: 'request', clock: this.clockName(), t1: this.clock.read() });
    this.context.setTimer('poll', this.settings.poll);
  }

  private correct({ offset, error }: Sample): void {
    const size = Math.abs(offset);
    if (size > PANIC) {
      this.panicked = true;
      return;
    }
    this.bound = { error, at: this.context.monotonic() };
    // Who measures time by this clock bears that it goes a little fast or slow, but not that it goes back.
    if (size >= STEP || this.bugs.has('steps-small-offsets')) this.clock.step(offset);
    else this.clock.slew(offset);
  }

  private error(): Nanos | null {
    if (this.bound === null) return null;
    const age = this.context.monotonic() - this.bound.at;
    const drift = Math.ceil((age * DRIFT_PPM) / 1e6);
    return this.bound.error + drift + Math.abs(this.clock.remaining());
  }

  private clockName(): string {
    return `${this.life}/${this.clock.steps}`;
  }
}

/** How wrong the clock of a machine is that has just been switched on: from 1 ms up, small ones as likely as large. */
function bootOffset(most: Nanos, random: RandomStream): Nanos {
  let doublings = 0;
  while (MILLISECOND * 2 ** (doublings + 1) <= most) doublings++;
  const size = Math.min(
    most,
    Math.floor(MILLISECOND * 2 ** random.int(doublings + 1) * (1 + random.float())),
  );
  return random.chance(0.5) ? size : -size;
}
