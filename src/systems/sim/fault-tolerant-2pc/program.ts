import type { NodeId } from '../../../faults/fault.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import type { Query } from '../shared/request-client.ts';
import { Shard } from '../shared/shards/shard.ts';
import { type Decision, type Event, type Work, workOf } from '../shared/shards/transfers.ts';
import type { TotalOrderMessage } from '../shared/total-order/state.ts';
import { TOTAL_ORDER_TIMER, TotalOrder } from '../shared/total-order/total-order.ts';
import { count, newTally, type Tally, type Vote } from './votes.ts';

type Message =
  | TotalOrderMessage<Vote>
  | { readonly type: 'vote-request'; readonly work: Work }
  /** Of the mistake `votes-without-order`. */
  | { readonly type: 'bare-vote'; readonly vote: Vote };

export interface VotingOptions {
  readonly bugs: ReadonlySet<string>;
  readonly heartbeat: Nanos;
  readonly suspectAfter: Nanos;
  readonly voteTimeout: Nanos;
}

/** A node: asks for votes on what its clients want, votes on what touches its accounts, and counts all votes. */
export class VotingNode implements NodeProgram<Message, Query> {
  private readonly context: NodeContext<Message>;
  private readonly options: VotingOptions;
  private readonly broadcast: TotalOrder<Vote>;
  private readonly shard: Shard;
  private readonly tallies = new Map<string, Tally>();
  /** Transactions of this node's clients that are not decided yet. */
  private readonly requests = new Map<string, RequestId>();
  private readonly works = new Map<string, Work>();
  private readonly events: Event[] = [];

  constructor(context: NodeContext<Message>, options: VotingOptions) {
    this.context = context;
    this.options = options;
    this.shard = new Shard(context.id);
    this.broadcast = new TotalOrder(context, { ...options, deliver: ({ payload }) => this.deliver(payload) });
  }

  onStart(): void {
    this.broadcast.start();
  }

  onRequest(request: RequestId, { f, value }: Query): void {
    if (f === 'log') {
      this.context.reply(request, { type: 'ok', value: this.events.slice() });
      return;
    }
    const work = workOf(f, value, '');
    this.requests.set(String(work.txn), request);
    this.works.set(String(work.txn), work);
    this.askForVotes(work);
  }

  onMessage(from: NodeId, message: Message): void {
    if (message.type === 'vote-request') this.onVoteRequest(message.work);
    else if (message.type === 'bare-vote') this.deliver(message.vote);
    else this.broadcast.onMessage(from, message);
  }

  /** The other timers have the names of transactions: somebody's vote is missing. */
  onTimer(name: string): void {
    if (name === TOTAL_ORDER_TIMER) {
      this.broadcast.onTimer();
      return;
    }
    const work = this.works.get(name);
    if (work === undefined) return;
    const tally = this.tallyOf(work);
    if (tally.decision !== null) return;
    if (this.options.bugs.has('waits-for-the-dead')) {
      this.waitForVotes(work);
      return;
    }
    // The silent node's yes may have been delivered elsewhere before.
    if (this.options.bugs.has('aborts-after-yes') && this.isParticipant(work)) {
      tally.decision = 'abort';
      this.decided(work, 'abort');
      return;
    }
    // Suspected of a crash, rightly or wrongly: the order of the broadcast says whose vote came first.
    for (const node of work.participants) {
      if (node === this.context.id || tally.yes.has(node) || tally.suspected.has(node)) continue;
      tally.suspected.add(node);
      this.vote(work, node, 'no');
    }
    this.waitForVotes(work);
  }

  leads(): boolean {
    return this.broadcast.leads;
  }

  /** Over fair-loss links a request may get lost: then the time-out says no in the name of who never got it. */
  private askForVotes(work: Work): void {
    for (const node of work.participants)
      if (node !== this.context.id) this.context.send(node, { type: 'vote-request', work });
    if (this.isParticipant(work)) this.onVoteRequest(work);
    else this.waitForVotes(work);
  }

  private onVoteRequest(work: Work): void {
    const txn = String(work.txn);
    const tally = this.tallyOf(work);
    // Somebody has said no in this node's name before it was asked: that is decided.
    if (tally.decision !== null || tally.voted) return;
    tally.voted = true;
    this.works.set(txn, work);
    const vote = this.shard.prepare(work) ? 'yes' : 'no';
    this.events.push([vote, work.txn, this.context.wallClock()]);
    this.vote(work, this.context.id, vote);
    this.waitForVotes(work);
  }

  private vote({ txn, participants }: Work, node: NodeId, vote: 'yes' | 'no'): void {
    const payload: Vote = { txn, participants, node, vote };
    if (!this.options.bugs.has('votes-without-order')) {
      this.broadcast.broadcast(payload);
      return;
    }
    for (const peer of this.context.peers) this.context.send(peer, { type: 'bare-vote', vote: payload });
    this.deliver(payload);
  }

  /** Counts a vote, as every other node does at this place of the order. */
  private deliver(vote: Vote): void {
    const tally = this.tallyOf(vote);
    const decision = count(tally, vote);
    if (decision !== null) this.decided(vote, decision);
  }

  private decided({ txn, participants }: Pick<Work, 'txn' | 'participants'>, decision: Decision): void {
    const name = String(txn);
    if (participants.includes(this.context.id)) {
      if (decision === 'commit') this.shard.commit(txn);
      else this.shard.abort(txn);
      this.events.push([decision, txn, this.context.wallClock()]);
    }
    this.context.cancelTimer(name);
    this.works.delete(name);
    const request = this.requests.get(name);
    this.requests.delete(name);
    if (request === undefined) return;
    this.context.reply(request, decision === 'commit' ? { type: 'ok' } : { type: 'fail', error: 'aborted' });
  }

  private tallyOf({ txn }: Pick<Work, 'txn'>): Tally {
    const name = String(txn);
    let tally = this.tallies.get(name);
    if (tally === undefined) this.tallies.set(name, (tally = newTally()));
    return tally;
  }

  private isParticipant({ participants }: Work): boolean {
    return participants.includes(this.context.id);
  }

  private waitForVotes({ txn }: Work): void {
    this.context.setTimer(String(txn), this.options.voteTimeout);
  }
}
