import type { NodeId } from '../../../faults/fault.ts';
import { type Client, type Completion, ConnectionError, type Invocation } from '../../../world/client.ts';
import { MILLISECOND, type Nanos } from '../../../world/nanos.ts';
import type { ClientContext } from '../../../world/system.ts';
import { type Answer, isReadOnly, type Operation, operationOf } from './state-machine.ts';

/** What a client asks. */
export interface Query {
  readonly client: string;
  readonly sequence: number;
  readonly operation: Operation;
}

export type Reply =
  | Answer
  /** The request is in no log and will get into none by this try. */
  | { readonly type: 'not-leader'; readonly leader: NodeId | null }
  /** The request is in the log of a leader that no longer leads: it may yet be committed. */
  | { readonly type: 'unknown' };

/** Nodes asked for one operation, at most: an election is over long before. */
const TRIES = 10;
/** Pause before asking again when nobody knows a leader: half to one and a half of it. */
const PAUSE: Nanos = 60 * MILLISECOND;

/** What came of one try. */
type Outcome =
  | Reply
  /** The node surely never got it. */
  | { readonly type: 'refused' }
  /** No answer. */
  | { readonly type: 'timeout' | 'reset' };

/**
 * A client of a replicated log that has one leader. Asks its own node, then whom that names as leader, then any other; stays with a leader as long as it answers. Each try
 * of an operation carries the same sequence number, so that it takes effect at most once (Ongaro 2014, §6.3).
 */
export class LogClient implements Client {
  private readonly context: ClientContext;
  private readonly tryTimeout: Nanos;
  private readonly workload: string;
  private home: NodeId = '';
  private node: NodeId = '';
  /** The last operation met with trouble: the next one begins at the home node again. */
  private astray = false;
  private sequence = 0;
  private closed = false;

  /** `workload`: whose operations it is asked for. */
  constructor(context: ClientContext, tryTimeout: Nanos, workload: string) {
    this.context = context;
    this.tryTimeout = tryTimeout;
    this.workload = workload;
  }

  async open(node: NodeId): Promise<void> {
    this.home = node;
    this.node = node;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  async invoke(invocation: Invocation): Promise<Completion> {
    const query: Query = {
      client: this.context.id,
      sequence: ++this.sequence,
      operation: operationOf(this.workload, invocation),
    };
    let mayTakeEffect = false;
    let error = '';
    if (this.astray) this.node = this.home;
    this.astray = false;
    for (let tries = 0; tries < TRIES && !this.closed; tries++) {
      const outcome = await this.ask(query);
      switch (outcome.type) {
        case 'ok':
          return { type: 'ok', value: outcome.value };
        case 'fail':
          return { type: 'fail', error: outcome.error };
        case 'not-leader':
        case 'refused':
          error ||= 'no-leader';
          break;
        case 'unknown':
        case 'timeout':
        case 'reset':
          // Some log may have it now: it can be committed at any later time.
          mayTakeEffect = true;
          this.astray = true;
          error = outcome.type === 'unknown' ? 'leader-lost' : outcome.type;
          break;
      }
      await this.moveOn(outcome);
    }
    return { type: mayTakeEffect && !isReadOnly(query.operation) ? 'info' : 'fail', error };
  }

  private async ask(query: Query): Promise<Outcome> {
    const { context, tryTimeout } = this;
    const timeout = context.sleep(tryTimeout).then((): Outcome => ({ type: 'timeout' }));
    try {
      return await Promise.race([context.request(this.node, query) as Promise<Outcome>, timeout]);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      return { type: error.code };
    }
  }

  /** Chooses whom to ask next; waits a little where the last node knew no better. */
  private async moveOn(outcome: Outcome): Promise<void> {
    const { nodes, random } = this.context;
    const leader = outcome.type === 'not-leader' ? outcome.leader : null;
    if (leader !== null) {
      this.node = leader;
      return;
    }
    const others = nodes.filter((node) => node !== this.node);
    if (others.length > 0) this.node = random.pick(others);
    await this.context.sleep(Math.floor(PAUSE / 2 + random.float() * PAUSE));
  }
}
