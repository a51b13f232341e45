import type { NodeId } from '../../../faults/fault.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import type { Query } from '../shared/log-client.ts';
import { applyCommitted } from './apply.ts';
import type { Bugs } from './bugs.ts';
import { advanceCommit } from './commit.ts';
import { keepPromises, onElectionTimer, onVote, onVoteRequest } from './election.ts';
import { acknowledgeDurable, onAppend, onInstall } from './follower.ts';
import { beginSync, endSync } from './journal.ts';
import { onHeartbeatTimer } from './leadership.ts';
import type { Appended, Message } from './messages.ts';
import type { RaftNode } from './node.ts';
import { answerReads, confirmRounds } from './read-index.ts';
import { noteAnswer, replicate } from './replication.ts';
import { onQuery } from './requests.ts';
import { enterTerm, waitForLeader } from './role.ts';
import type { Settings } from './settings.ts';
import { adoptSnapshot } from './snapshot.ts';
import { startNode } from './start.ts';

/** A Raft server: takes each event to the rule that it concerns, and sees to the disk and the followers after it. */
export class RaftProgram implements NodeProgram<Message, Query> {
  readonly node: RaftNode;

  constructor(context: NodeContext<Message>, settings: Settings, bugs: Bugs) {
    this.node = startNode(context, settings, bugs);
  }

  onStart(): void {
    waitForLeader(this.node);
    this.settle();
  }

  onMessage(from: NodeId, message: Message): void {
    const { node } = this;
    switch (message.type) {
      case 'append':
        onAppend(node, from, message);
        break;
      case 'appended':
        this.onAppended(from, message);
        break;
      case 'vote-request':
        onVoteRequest(node, from, message);
        break;
      case 'vote':
        onVote(node, from, message);
        break;
      case 'install':
        onInstall(node, from, message);
        break;
    }
    this.settle();
  }

  onRequest(request: RequestId, query: Query): void {
    onQuery(this.node, request, query);
    this.settle();
  }

  onTimer(name: string): void {
    if (name === 'heartbeat') onHeartbeatTimer(this.node);
    else onElectionTimer(this.node);
    this.settle();
  }

  /** After a failed sync nobody knows what is on disk, and a second one may lie (fsyncgate, 2018): start anew. */
  onSynced(_tag: string, error?: DiskError): void {
    if (error !== undefined) throw error;
    this.lasting();
    this.settle();
  }

  leads(): boolean {
    return this.node.role === 'leader';
  }

  private onAppended(from: NodeId, message: Appended): void {
    const { node } = this;
    if (message.term > node.term) enterTerm(node, message.term);
    if (message.term < node.term || node.leadership === null) return;
    if (noteAnswer(node, from, message)) this.commit();
    confirmRounds(node);
  }

  private commit(): void {
    advanceCommit(this.node);
    applyCommitted(this.node);
    answerReads(this.node);
  }

  /** The sync under way is done: goes on with what waited for it. */
  private lasting(): void {
    const { node } = this;
    const { saving } = node.journal;
    if (endSync(node.journal) === 'publish') adoptSnapshot(node, saving!);
    if (node.leadership !== null) this.commit();
    else acknowledgeDurable(node);
  }

  /** After each event: keeps what promises it may, sends new entries, hands new records to the disk. */
  private settle(): void {
    const { node } = this;
    const { journal, log } = node;
    keepPromises(node);
    // While a sync is under way new entries gather, and go to the followers together.
    if (node.leadership !== null && journal.inFlight === null) replicate(node);
    while (beginSync(journal, log)) this.lasting();
  }
}
