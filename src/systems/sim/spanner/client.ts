import type { NodeId } from '../../../faults/fault.ts';
import { type Client, type Completion, ConnectionError, type Invocation } from '../../../world/client.ts';
import { MILLISECOND, type Nanos } from '../../../world/nanos.ts';
import type { ClientContext } from '../../../world/system.ts';
import { type Group, groupOf, type Part, type Query, type Reply, type Txn } from './messages.ts';
import type { Settings } from './settings.ts';
import type { Transaction, Workspace } from './transactions.ts';
import { transactionOf } from './transactions.ts';

/** Attempts at one transaction, and nodes asked for one thing, at most. */
const ATTEMPTS = 12;
const TRIES = 6;
/** The longest pause after the first attempt that was aborted; each further one may be as much longer. */
const PAUSE: Nanos = 20 * MILLISECOND;

type Outcome = Reply | { readonly type: 'refused' | 'reset' | 'timeout' };

/** A client library: it drives a transaction's reads and locks, buffers its writes, and asks a leader to commit (§4.2.1). */
export class SpannerClient implements Client {
  private readonly context: ClientContext;
  private readonly settings: Settings;
  private readonly workload: string;
  private readonly leaders = new Map<Group, NodeId>();
  private home: NodeId = '';
  private begun = 0;
  private closed = false;

  constructor(context: ClientContext, settings: Settings, workload: string) {
    this.context = context;
    this.settings = settings;
    this.workload = workload;
  }

  async open(node: NodeId): Promise<void> {
    this.home = node;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  async invoke(invocation: Invocation): Promise<Completion> {
    const transaction = transactionOf(this.workload, invocation);
    if (transaction.writes.length === 0) return this.readOnly(transaction);
    let age: string | null = null;
    for (let i = 1; i <= ATTEMPTS && !this.closed; i++) {
      const attempt = await this.attempt(transaction, age);
      if (attempt.completion !== null) return attempt.completion;
      // It keeps its age, so that it goes first at last.
      age = attempt.age;
      await this.pause(i * PAUSE);
    }
    return { type: 'fail', error: 'aborted' };
  }

  /** Takes no locks: all as of one time (§4.2.2). */
  private async readOnly({ reads, run }: Transaction): Promise<Completion> {
    const query: Query = { type: 'snapshot', keys: reads };
    let node = this.home;
    for (let i = 0; i < TRIES && !this.closed; i++) {
      const reply = await this.request(node, query);
      if (reply.type === 'values') return run(new Map(reply.values)).completion;
      node = this.context.random.pick(this.context.nodes);
      await this.pause(PAUSE);
    }
    return { type: 'fail', error: 'unavailable' };
  }

  /** One attempt; without a completion it was aborted. */
  private async attempt(
    transaction: Transaction,
    before: string | null,
  ): Promise<{ completion: Completion | null; age: string | null }> {
    const txn = `${this.context.id}.${++this.begun}`;
    const { reads, writes } = transaction;
    const workspace: Workspace = new Map();
    let age = before;
    const keys = [...new Set([...(reads ?? []), ...writes])];
    for (const key of keys) {
      const group = groupOf(key, this.settings.groups);
      const exclusive = writes.includes(key);
      const reply = await this.askLeader(group, { type: 'lock', group, txn, age, key, exclusive });
      if (reply.type !== 'locked') {
        this.release(txn, keys);
        return { completion: null, age };
      }
      age = reply.age;
      workspace.set(key, reply.value);
    }
    const { completion, written } = transaction.run(workspace);
    if (completion.type === 'fail') {
      this.release(txn, keys);
      return { completion, age };
    }
    const reply = await this.commit(txn, this.partsOf(keys, written));
    if (reply.type === 'committed') return { completion, age };
    this.release(txn, keys);
    const nothingDone = ['aborted', 'not-leader', 'refused'].includes(reply.type);
    return { completion: nothingDone ? null : { type: 'info', error: reply.type }, age };
  }

  /** The coordinator's part first: a group that something is written in. */
  private partsOf(keys: readonly string[], written: Workspace): Part[] {
    const parts = new Map<Group, { reads: string[]; writes: [string, unknown][] }>();
    for (const key of keys) {
      const group = groupOf(key, this.settings.groups);
      const part = parts.get(group) ?? { reads: [], writes: [] };
      parts.set(group, part);
      if (written.has(key)) part.writes.push([key, written.get(key)]);
      else part.reads.push(key);
    }
    return [...parts]
      .map(([group, part]) => ({ group, ...part }))
      .sort((a, b) => Number(b.writes.length > 0) - Number(a.writes.length > 0));
  }

  private commit(txn: Txn, parts: readonly Part[]): Promise<Outcome> {
    return this.request(this.leaderOf(parts[0]!.group), { type: 'commit', txn, parts }, null);
  }

  private async askLeader(group: Group, query: Query): Promise<Outcome> {
    let reply: Outcome = { type: 'timeout' };
    for (let i = 0; i < TRIES && !this.closed; i++) {
      reply = await this.request(this.leaderOf(group), query);
      if (reply.type === 'locked' || reply.type === 'aborted') return reply;
      const known = reply.type === 'not-leader' ? reply.leader : null;
      this.leaders.set(group, known ?? this.context.random.pick(this.context.nodes));
      if (known === null) await this.pause(PAUSE);
    }
    return reply;
  }

  private leaderOf(group: Group): NodeId {
    return this.leaders.get(group) ?? this.home;
  }

  /** Nobody waits for it: a leader that doesn't hear it frees the locks by and by. */
  private release(txn: Txn, keys: readonly string[]): void {
    for (const group of new Set(keys.map((key) => groupOf(key, this.settings.groups))))
      void this.request(this.leaderOf(group), { type: 'release', group, txn });
  }

  private async request(
    node: NodeId,
    query: Query,
    timeout: Nanos | null = this.settings['try-timeout'],
  ): Promise<Outcome> {
    const answer = this.context.request(node, query) as Promise<Outcome>;
    const late = (): Outcome => ({ type: 'timeout' });
    try {
      if (timeout === null) return await answer;
      return await Promise.race([answer, this.context.sleep(timeout).then(late)]);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      return { type: error.code };
    }
  }

  private pause(longest: Nanos): Promise<void> {
    return this.context.sleep(1 + this.context.random.int(longest));
  }
}
