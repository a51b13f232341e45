import type { NodeId } from '../../../../faults/fault.ts';
import { MILLISECOND, type Nanos } from '../../../../world/nanos.ts';
import type { NodeContext } from '../../../../world/node-program.ts';
import type { OutputCommit } from '../output-commit.ts';
import { type Acceptor, accept, newAcceptor, type Proposal, promise } from './acceptor.ts';
import { type Ballot, isSame } from './ballot.ts';
import { begin, newProposer, notePromise, type Proposer, propose } from './proposer.ts';

/** What the nodes say to each other about one decision, named by its key. */
export type SynodMessage =
  | { readonly type: 'prepare'; readonly key: string; readonly ballot: Ballot }
  | {
      readonly type: 'promise';
      readonly key: string;
      readonly ballot: Ballot;
      readonly accepted: Proposal | null;
    }
  | { readonly type: 'accept'; readonly key: string; readonly ballot: Ballot; readonly value: unknown }
  | { readonly type: 'accepted'; readonly key: string; readonly ballot: Ballot }
  /** The sender has promised a higher ballot. Not needed for safety; it spares waiting. */
  | {
      readonly type: 'refused';
      readonly key: string;
      readonly ballot: Ballot;
      readonly promised: Ballot;
    };

/** An acceptor's state as it stands on the disk: of two records for a key the later holds. */
export interface SynodRecord extends Readonly<Acceptor> {
  readonly key: string;
}

export interface SynodOptions {
  readonly bugs: ReadonlySet<string>;
  /** Time after which unanswered messages are sent again, ns. */
  readonly resend: Nanos;
  /** Hears of each decision that this node has a part in as proposer, once. */
  readonly decided: (key: string, value: unknown) => void;
}

/** What it needs of the node's record file and mouth, which may carry other messages besides. */
type Output = Pick<OutputCommit<SynodMessage>, 'send' | 'record'>;

/** The longest pause after the first ballot that came to nothing; it doubles with each further one. */
const FIRST_PAUSE = 10 * MILLISECOND;
const MOST_DOUBLINGS = 7;

/**
 * The single-decree Synod (Lamport, The Part-Time Parliament, 1998, §2; Paxos Made Simple, 2001, §2), once for each key.
 * Each node is acceptor, proposer and learner. A learner that doesn't know the decision proposes something itself and so
 * finds it (Lamport 2001, §2.3, at the end).
 */
export class Synod {
  private readonly context: NodeContext<SynodMessage>;
  private readonly output: Output;
  private readonly options: SynodOptions;
  private readonly majority: number;
  private readonly acceptors = new Map<string, Acceptor>();
  private readonly proposers = new Map<string, Proposer>();

  constructor(context: NodeContext<SynodMessage>, output: Output, options: SynodOptions) {
    this.context = context;
    this.output = output;
    this.options = options;
    const half = Math.floor((context.peers.length + 1) / 2);
    // Two sets of half the nodes need not meet.
    this.majority = options.bugs.has('majority-of-half') ? half : half + 1;
  }

  restore({ key, promised, accepted }: SynodRecord): void {
    this.acceptors.set(key, { promised, accepted });
  }

  records(): SynodRecord[] {
    return [...this.acceptors].map(([key, acceptor]) => ({ key, ...acceptor }));
  }

  /** Has something decided for the key: `value`, unless it is too late for that. */
  propose(key: string, value: unknown): void {
    if (this.proposers.has(key)) return;
    const proposer = newProposer(value);
    this.proposers.set(key, proposer);
    this.beginBallot(key, proposer);
  }

  onMessage(from: NodeId, message: SynodMessage): void {
    const { key, ballot } = message;
    switch (message.type) {
      case 'prepare':
        this.onPrepare(from, key, ballot);
        return;
      case 'accept':
        this.onAccept(from, key, { ballot, value: message.value });
        return;
    }
    const proposer = this.proposers.get(key);
    if (proposer === undefined || !isSame(proposer.ballot, ballot)) return;
    if (message.type === 'refused') this.outbid(key, proposer, message.promised);
    else if (message.type === 'promise' && proposer.phase === 'prepare') {
      notePromise(proposer, from, message.accepted);
      if (proposer.answered.size < this.majority) return;
      propose(proposer, this.options.bugs);
      this.ask(key, proposer);
    } else if (message.type === 'accepted' && proposer.phase === 'accept') {
      proposer.answered.add(from);
      if (proposer.answered.size >= this.majority) this.decide(key, proposer.value);
    }
  }

  /** The timers have the names of the keys. */
  onTimer(key: string): void {
    const proposer = this.proposers.get(key);
    if (proposer === undefined) return;
    if (proposer.outbid) this.beginBallot(key, proposer);
    else this.ask(key, proposer);
  }

  private beginBallot(key: string, proposer: Proposer): void {
    // Its own promise comes first, and is safe before anybody is asked: so no later life of this node uses the ballot
    // again (Lamport 1998, §2.3: lastTried stands in the ledger).
    const round = Math.max(this.acceptor(key).promised.round, proposer.highestMet) + 1;
    begin(proposer, { round, node: this.context.id });
    this.ask(key, proposer);
  }

  /** Sends the present phase's question to every node that has not answered, first of all to itself. */
  private ask(key: string, { phase, ballot, value, answered, outbid }: Proposer): void {
    if (!outbid && !this.options.bugs.has('asks-once')) this.context.setTimer(key, this.options.resend);
    const question: SynodMessage =
      phase === 'prepare' ? { type: 'prepare', key, ballot } : { type: 'accept', key, ballot, value };
    for (const node of [this.context.id, ...this.context.peers])
      if (!answered.has(node)) this.output.send(node, question);
  }

  private onPrepare(from: NodeId, key: string, ballot: Ballot): void {
    const acceptor = this.acceptor(key);
    if (!promise(acceptor, ballot)) {
      this.output.send(from, { type: 'refused', key, ballot, promised: acceptor.promised });
      return;
    }
    // A promise that a crash takes back was none.
    if (!this.options.bugs.has('promise-not-persisted')) this.save(key, acceptor);
    this.output.send(from, { type: 'promise', key, ballot, accepted: acceptor.accepted });
  }

  private onAccept(from: NodeId, key: string, proposal: Proposal): void {
    const acceptor = this.acceptor(key);
    const { ballot } = proposal;
    if (!accept(acceptor, proposal, this.options.bugs)) {
      this.output.send(from, { type: 'refused', key, ballot, promised: acceptor.promised });
      return;
    }
    this.save(key, acceptor);
    this.output.send(from, { type: 'accepted', key, ballot });
  }

  /**
   * An acceptor has promised a higher ballot. The others may still make this one a success; if not, the next begins after
   * a pause that gets ever longer, or two proposers would outbid each other for ever.
   */
  private outbid(key: string, proposer: Proposer, promised: Ballot): void {
    proposer.highestMet = Math.max(proposer.highestMet, promised.round);
    if (proposer.outbid) return;
    proposer.outbid = true;
    const longest = FIRST_PAUSE * 2 ** Math.min(proposer.failures++, MOST_DOUBLINGS);
    this.context.setTimer(key, this.context.random.int(longest));
  }

  /** A majority has accepted the proposal, so nothing else can be decided any more. */
  private decide(key: string, value: unknown): void {
    this.proposers.delete(key);
    this.context.cancelTimer(key);
    this.options.decided(key, value);
  }

  private save(key: string, { promised, accepted }: Acceptor): void {
    this.output.record({ key, promised, accepted } satisfies SynodRecord);
  }

  private acceptor(key: string): Acceptor {
    let acceptor = this.acceptors.get(key);
    if (acceptor === undefined) {
      acceptor = newAcceptor();
      this.acceptors.set(key, acceptor);
    }
    return acceptor;
  }
}
