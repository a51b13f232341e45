import type { NodeId } from '../../../faults/fault.ts';
import { type Client, type Completion, ConnectionError, type Invocation } from '../../../world/client.ts';
import { MILLISECOND, type Nanos } from '../../../world/nanos.ts';
import type { ClientContext } from '../../../world/system.ts';
import { merge, NOTHING, type Vector } from '../shared/vector.ts';
import type { Query, Reply } from './messages.ts';

/** A process's session: it outlives the connections that the process makes one after another. */
export interface Session {
  /** What it has read and written, and what that depends on. */
  seen: Vector;
  /** Of that, what it has written. */
  wrote: Vector;
  /** The replica that answered last. */
  node: NodeId | null;
}

export interface SessionOptions {
  readonly bugs: ReadonlySet<string>;
  /** How often an operation goes to another replica than the session's own. */
  readonly roam: number;
}

/** Replicas asked for one operation, at most. */
const TRIES = 10;
/** Pause after a replica that is behind: it may hear of the rest meanwhile. */
const PAUSE: Nanos = 20 * MILLISECOND;

/** A client that keeps to one replica where it can, and takes along what it has seen where it can't (Terry et al. 1994, §4). */
export class SessionClient implements Client {
  private readonly context: ClientContext;
  private readonly session: Session;
  private readonly options: SessionOptions;
  private home: NodeId = '';
  private closed = false;

  constructor(context: ClientContext, session: Session, options: SessionOptions) {
    this.context = context;
    this.session = session;
    this.options = options;
  }

  async open(node: NodeId): Promise<void> {
    this.home = node;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  async invoke({ f, key, value }: Invocation): Promise<Completion> {
    const { context } = this;
    let error = '';
    const nodes = this.nodesInTurn();
    for (let i = 0; i < TRIES && !this.closed; i++) {
      const node = nodes[i % nodes.length]!;
      try {
        const reply = (await context.request(node, this.query(f, String(key), value, node))) as Reply;
        if (reply.type === 'ok') {
          this.remember(f, node, reply.seen);
          return { type: 'ok', value: reply.value, node };
        }
        error = 'behind';
        await context.sleep(PAUSE);
      } catch (cause) {
        if (!(cause instanceof ConnectionError)) throw cause;
        error = cause.code;
        if (cause.code === 'reset' && f !== 'read') return { type: 'info', error, node };
      }
    }
    return { type: 'fail', error };
  }

  /** Its own replica and then the others; now and then another one first. */
  private nodesInTurn(): NodeId[] {
    const { nodes, random } = this.context;
    const others = random.shuffle(nodes.filter((node) => node !== this.home));
    return random.chance(this.options.roam) ? [...others, this.home] : [this.home, ...others];
  }

  private query(f: string, key: string, value: unknown, node: NodeId): Query {
    const { session } = this;
    const { bugs } = this.options;
    const moves = session.node !== null && session.node !== node;
    // A session that comes with nothing finds itself in the past.
    const seen = moves && bugs.has('moves-without-vector') ? NOTHING : session.seen;
    // What a session has read may be why it writes: who sees the one must see the other.
    const dependencies = bugs.has('read-dependencies-dropped') ? session.wrote : seen;
    return { f, key, value, seen, dependencies };
  }

  private remember(f: string, node: NodeId, seen: Vector): void {
    const { session } = this;
    session.node = node;
    session.seen = merge(session.seen, seen);
    if (f === 'write') session.wrote = merge(session.wrote, seen);
  }
}
