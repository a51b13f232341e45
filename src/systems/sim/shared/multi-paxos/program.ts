import type { NodeId } from '../../../../faults/fault.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../../../world/node-program.ts';
import type { Query } from '../log-client.ts';
import { OutputCommit } from '../output-commit.ts';
import { readRecords } from '../record-file.ts';
import { onAccept, onPrepare } from './acceptor.ts';
import { onElectionTimer, onPromise, onRefused } from './candidate.ts';
import { onAccepted, onHeartbeatTimer } from './leader.ts';
import { onChosen, onLacks } from './learner.ts';
import { awaitOldLeases } from './lease.ts';
import type { Message } from './messages.ts';
import { newNode, type PaxosNode, type StateMachine } from './node.ts';
import { FILE } from './records.ts';
import { recover } from './recovery.ts';
import { onQuery } from './requests.ts';
import { waitForLeader } from './role.ts';
import type { Settings } from './settings.ts';

export interface ReplicaOptions {
  readonly settings: Settings;
  readonly bugs: ReadonlySet<string>;
  /** A state machine in its first state. */
  readonly machine: StateMachine;
}

/** A replica of a state machine, kept like the others by Multi-Paxos: takes each event to the rule that it concerns. */
export class MultiPaxosProgram implements NodeProgram<Message, Query> {
  readonly node: PaxosNode;

  constructor(context: NodeContext<Message>, options: ReplicaOptions) {
    const output = new OutputCommit<Message>(context, FILE, (message) => this.onMessage(context.id, message));
    this.node = newNode({ context, output, ...options });
  }

  onStart(): void {
    const { node } = this;
    recover(node, readRecords(node.context.disk, FILE));
    awaitOldLeases(node);
    waitForLeader(node);
  }

  onMessage(from: NodeId, message: Message): void {
    const { node } = this;
    switch (message.type) {
      case 'prepare':
        onPrepare(node, from, message);
        break;
      case 'promise':
        onPromise(node, from, message);
        break;
      case 'accept':
        onAccept(node, from, message);
        break;
      case 'accepted':
        onAccepted(node, from, message);
        break;
      case 'refused':
        onRefused(node, message);
        break;
      case 'lacks':
        onLacks(node, from, message.from);
        break;
      case 'chosen':
        onChosen(node, from, message);
        break;
    }
  }

  onRequest(request: RequestId, query: Query): void {
    onQuery(this.node, request, query);
  }

  onTimer(name: string): void {
    if (name === 'heartbeat') onHeartbeatTimer(this.node);
    else onElectionTimer(this.node);
  }

  onSynced(_tag: string, error?: DiskError): void {
    this.node.output.onSynced(error);
  }

  leads(): boolean {
    return this.node.leadership !== null;
  }
}
