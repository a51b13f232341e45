import type { UserSystem } from '../../src/campaign/system-file.ts';
import type { NodeId } from '../../src/faults/fault.ts';
import { ConnectionError } from '../../src/world/client.ts';
import { MILLISECOND, type Nanos } from '../../src/world/nanos.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../src/world/node-program.ts';
import type { SimDeployment } from '../../src/world/system.ts';

/** What a probe can be asked. */
export type Question =
  /** Sends numbered messages, one each millisecond; answers when all are sent. */
  | {
      readonly do: 'send';
      readonly to: NodeId;
      readonly batch: string;
      readonly count: number;
      readonly bytes?: number;
    }
  /** What came of a batch, in its order. */
  | { readonly do: 'got'; readonly batch: string }
  /** The same with messages of bytes, each 0xaa, which have no number. */
  | { readonly do: 'send-bytes'; readonly to: NodeId; readonly count: number; readonly bytes: number }
  | { readonly do: 'got-bytes' }
  /** How long a message takes there and back, by the monotonic clock. */
  | { readonly do: 'ping'; readonly to: NodeId }
  | { readonly do: 'time' }
  | { readonly do: 'append'; readonly file: string; readonly text: string }
  | { readonly do: 'read'; readonly file: string }
  /** How long a sync takes, by the monotonic clock. */
  | { readonly do: 'sync' };

/** One message of a batch, and when it came, by the monotonic clock. */
export interface Arrival {
  readonly number: number;
  readonly at: Nanos;
}

/** A node's two clocks, ns. */
export interface Time {
  readonly wall: Nanos;
  readonly monotonic: Nanos;
}

type Message =
  | Uint8Array
  | { readonly type: 'numbered'; readonly batch: string; readonly number: number; readonly load: string }
  | { readonly type: 'ping' | 'pong'; readonly id: string };

/** A node that does what it is asked, and says what it saw. */
class Probe implements NodeProgram<Message, Question> {
  private readonly context: NodeContext<Message>;
  private readonly batches = new Map<string, Arrival[]>();
  private readonly bytes: number[][] = [];
  /** Pings and syncs under way, and since when. */
  private readonly waiting = new Map<string, { readonly request: RequestId; readonly since: Nanos }>();
  /** What is still to be sent, each at the next tick. */
  private readonly outbox: (() => void)[] = [];
  private names = 0;

  constructor(context: NodeContext<Message>) {
    this.context = context;
  }

  onMessage(from: NodeId, message: Message): void {
    const { context } = this;
    if (message instanceof Uint8Array) {
      this.bytes.push([...message]);
      return;
    }
    switch (message.type) {
      case 'numbered':
        this.batch(message.batch).push({ number: message.number, at: context.monotonic() });
        break;
      case 'ping':
        context.send(from, { type: 'pong', id: message.id });
        break;
      case 'pong':
        this.finish(message.id);
    }
  }

  onRequest(request: RequestId, question: Question): void {
    const { context } = this;
    const answer = (value: unknown) => context.reply(request, value);
    try {
      switch (question.do) {
        case 'send': {
          const { to, batch, count, bytes = 0 } = question;
          for (let number = 0; number < count; number++)
            this.later(() => context.send(to, { type: 'numbered', batch, number, load: 'x'.repeat(bytes) }));
          this.later(() => answer(count));
          break;
        }
        case 'got':
          answer(this.batch(question.batch).slice());
          break;
        case 'send-bytes': {
          const { to, count, bytes } = question;
          for (let i = 0; i < count; i++)
            this.later(() => context.send(to, new Uint8Array(bytes).fill(0xaa)));
          this.later(() => answer(count));
          break;
        }
        case 'got-bytes':
          answer(this.bytes.slice());
          break;
        case 'ping':
          context.send(question.to, { type: 'ping', id: this.begin(request) });
          break;
        case 'time':
          answer({ wall: context.wallClock(), monotonic: context.monotonic() } satisfies Time);
          break;
        case 'append':
          context.disk.append(question.file, question.text);
          answer('done');
          break;
        case 'read':
          answer(context.disk.read(question.file));
          break;
        case 'sync':
          context.disk.sync(this.begin(request));
      }
    } catch (error) {
      answer((error as DiskError).code);
    }
  }

  onSynced(tag: string, error?: DiskError): void {
    this.finish(tag, error?.code);
  }

  onTimer(): void {
    this.outbox.shift()!();
    if (this.outbox.length > 0) this.context.setTimer('tick', MILLISECOND);
  }

  private later(act: () => void): void {
    this.outbox.push(act);
    if (this.outbox.length === 1) this.context.setTimer('tick', MILLISECOND);
  }

  private begin(request: RequestId): string {
    const id = `${this.context.id}/${++this.names}`;
    this.waiting.set(id, { request, since: this.context.monotonic() });
    return id;
  }

  /** Answers how long it took, unless something else is to be said. */
  private finish(id: string, instead?: string): void {
    const begun = this.waiting.get(id);
    this.waiting.delete(id);
    if (begun !== undefined)
      this.context.reply(begun.request, instead ?? this.context.monotonic() - begun.since);
  }

  private batch(name: string): Arrival[] {
    const known = this.batches.get(name) ?? [];
    this.batches.set(name, known);
    return known;
  }
}

/** Its client asks the node that the operation names. */
export const PROBES: SimDeployment = {
  program: (context) => new Probe(context),
  client: ({ request }) => ({
    async open() {},
    async invoke({ f, value }) {
      try {
        return { type: 'ok', value: await request(f, value) };
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        return { type: 'fail', error: error.code };
      }
    },
    async close() {},
  }),
};

/** For the processes of the linux world, which find their program in this file. */
export const system: UserSystem = {
  name: 'probe',
  about: 'does what it is asked and says what it saw',
  assumes: { network: 'arbitrary', nodes: 'crash-recovery', timing: 'asynchronous' },
  guarantees: { safety: [], liveness: [] },
  serves: {},
  deploy: () => PROBES,
};
