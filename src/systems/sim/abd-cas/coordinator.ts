import type { NodeId } from '../../../faults/fault.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { NodeContext, RequestId } from '../../../world/node-program.ts';
import type { OutputCommit } from '../shared/output-commit.ts';
import type { Query } from '../shared/request-client.ts';
import type { Synod, SynodMessage } from '../shared/synod/synod.ts';
import { isLater } from '../shared/timestamp.ts';
import type { KeyedVersion, Version } from '../shared/versions.ts';
import { newOperation, type Operation, stepFrom } from './operation.ts';

/** What nodes tell each other; `op` names the operation that a coordinator works on. */
export type Message =
  | SynodMessage
  | { readonly type: 'query'; readonly op: string; readonly key: string }
  | { readonly type: 'state'; readonly op: string; readonly version: Version }
  | { readonly type: 'store'; readonly op: string; readonly version: KeyedVersion }
  | { readonly type: 'stored'; readonly op: string };

export interface AbdCasOptions {
  readonly bugs: ReadonlySet<string>;
  /** Time after which unanswered messages are sent again, ns. */
  readonly resend: Nanos;
}

/** What is decided for a version: a value, and the operation that put it there. */
interface Decision {
  readonly value: unknown;
  readonly by: string;
}

/** An operation that finds no majority is given up after so many resends; its client has gone long before. */
const MAX_RETRIES = 50;

/**
 * A node's part as the coordinator of its clients' operations. A read is ABD's (Attiya, Bar-Noy and Dolev 1995): it asks
 * a majority for the latest version and has a majority store it. Whatever changes the register goes on from the version
 * n that it has found: the nodes decide by consensus what version n + 1 is (Herlihy 1991, §4: a chain of decisions makes
 * any object), and who isn't chosen tries again from there.
 */
export class Coordinator {
  private readonly context: NodeContext<Message>;
  private readonly output: OutputCommit<Message>;
  private readonly synod: Synod;
  private readonly options: AbdCasOptions;
  private readonly majority: number;
  private readonly operations = new Map<string, Operation>();

  constructor(
    context: NodeContext<Message>,
    output: OutputCommit<Message>,
    synod: Synod,
    options: AbdCasOptions,
  ) {
    this.context = context;
    this.output = output;
    this.synod = synod;
    this.options = options;
    this.majority = Math.floor((context.peers.length + 1) / 2) + 1;
  }

  begin(request: RequestId, query: Query): void {
    const operation = newOperation(request, query);
    this.operations.set(operation.id, operation);
    this.ask(operation);
  }

  /** A node told its version. */
  onState(from: NodeId, op: string, version: Version): void {
    const operation = this.operations.get(op);
    if (operation?.phase !== 'query') return;
    operation.answered.add(from);
    if (isLater(version.ts, operation.version.ts)) operation.version = version;
    if (operation.answered.size === this.majority) this.goOn(operation);
  }

  /** A node has the version, or a later one, on its disk. */
  onStored(from: NodeId, op: string): void {
    const operation = this.operations.get(op);
    if (operation?.phase !== 'store') return;
    operation.answered.add(from);
    if (operation.answered.size === this.majority) this.finish(operation);
  }

  /** A version is decided: whoever proposed it has succeeded, the others go on from there. */
  onDecided(decision: string, decided: unknown): void {
    const { value, by } = decided as Decision;
    for (const operation of [...this.operations.values()]) {
      const n = operation.version.ts.n + 1;
      if (operation.phase !== 'decide' || decisionOf(operation.key, n) !== decision) continue;
      operation.version = { ts: { n, writer: by }, value };
      if (by === operation.id) this.changed(operation);
      else this.goOn(operation);
    }
  }

  onTimer(op: string): void {
    const operation = this.operations.get(op);
    if (operation === undefined) return;
    if (operation.retries++ === MAX_RETRIES) this.operations.delete(op);
    else this.ask(operation);
  }

  /** Does what the operation does to the latest version. */
  private goOn(operation: Operation): void {
    const { version, key, id } = operation;
    const step = stepFrom(operation, version.value);
    const n = version.ts.n + 1;
    if ('outcome' in step) {
      operation.outcome = step.outcome;
      // The version may be at a minority only: a later read by another coordinator may miss it.
      if (this.options.bugs.has('no-write-back')) this.finish(operation);
      else this.store(operation);
    } else if (this.options.bugs.has('cas-without-consensus')) {
      // Between the comparison and the storing another one may have compared with the same version.
      operation.version = { ts: { n, writer: id }, value: step.next };
      this.changed(operation);
    } else {
      operation.phase = 'decide';
      this.context.cancelTimer(id);
      this.synod.propose(decisionOf(key, n), { value: step.next, by: id } satisfies Decision);
    }
  }

  private changed(operation: Operation): void {
    operation.outcome = { type: 'ok' };
    // A decision that no majority has stored yet is one that no read need find.
    if (this.options.bugs.has('acknowledged-before-stored')) this.answer(operation);
    this.store(operation);
  }

  private store(operation: Operation): void {
    operation.phase = 'store';
    operation.answered = new Set();
    operation.retries = 0;
    this.ask(operation);
  }

  /** Puts the present phase's question to every node that has not answered it, itself among them. */
  private ask({ id, key, phase, version, answered }: Operation): void {
    this.context.setTimer(id, this.options.resend);
    const message: Message =
      phase === 'query'
        ? { type: 'query', op: id, key }
        : { type: 'store', op: id, version: { key, ...version } };
    // Itself last: it may write to its disk thereupon, and then nothing leaves before that is safe.
    for (const node of [...this.context.peers, this.context.id])
      if (!answered.has(node)) this.output.send(node, message);
  }

  private finish(operation: Operation): void {
    this.operations.delete(operation.id);
    this.context.cancelTimer(operation.id);
    this.answer(operation);
  }

  private answer({ request, outcome }: Operation): void {
    this.output.reply(request, outcome);
  }
}

/** The name of the decision what version `n` of a register is. */
function decisionOf(key: string, n: number): string {
  return `${key}/${n}`;
}
