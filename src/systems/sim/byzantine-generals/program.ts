import type { NodeId } from '../../../faults/fault.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import type { Query } from '../shared/request-client.ts';
import type { Algorithm, Council, Deliberation } from './council.ts';
import { isOrder, type Order } from './order.ts';

interface Waiting {
  readonly request: RequestId;
  readonly order: Order;
}

/**
 * A general. Time is cut into rounds by the clock, which all generals share in a synchronous system, and so many rounds
 * make a council; the generals take turns to command one. What arrives in a round was sent in it.
 */
export class General<M> implements NodeProgram<M, Query> {
  private readonly context: NodeContext<M>;
  private readonly algorithm: Algorithm<M>;
  private readonly roundLength: Nanos;
  private readonly generals: readonly NodeId[];
  /** Orders of clients that wait for this general's turn. */
  private readonly orders: Waiting[] = [];
  private readonly decisions: (readonly [council: number, decision: Order])[] = [];
  private council!: Council;
  private deliberation!: Deliberation<M>;
  private heard = false;
  /** What this general orders, in a council that he commands. */
  private commanding: Waiting | null = null;

  constructor(context: NodeContext<M>, algorithm: Algorithm<M>, roundLength: Nanos) {
    this.context = context;
    this.algorithm = algorithm;
    this.roundLength = roundLength;
    this.generals = [context.id, ...context.peers].sort();
  }

  onStart(): void {
    this.convene(this.now().council);
    this.awaitNextRound();
  }

  /** `command`: an order → the council and the decision, once it is over. `log`: → the decisions so far. */
  onRequest(request: RequestId, { f, value }: Query): void {
    if (f === 'log') this.context.reply(request, { type: 'ok', value: this.decisions.slice() });
    else if (isOrder(value)) this.orders.push({ request, order: value });
    else this.context.reply(request, { type: 'fail', error: 'no-order' });
  }

  onMessage(from: NodeId, message: M): void {
    const { council, round } = this.now();
    // What comes too late counts as not sent (A3: the absence of a message can be detected).
    if (council !== this.council.number || this.algorithm.councilOf(message) !== council) return;
    if (this.deliberation.hear(from, message, round)) this.heard = true;
  }

  onTimer(): void {
    const { council, round } = this.now();
    if (council !== this.council.number) {
      this.conclude();
      this.convene(council);
      if (round === 0) this.command();
    } else {
      for (const [to, message] of this.deliberation.tell(round)) this.context.send(to, message);
    }
    this.awaitNextRound();
  }

  private command(): void {
    const { council, context, algorithm } = this;
    if (council.commander !== context.id) return;
    this.commanding = this.orders.shift() ?? null;
    if (this.commanding === null) return;
    const message = algorithm.command(council, this.commanding.order);
    for (const peer of context.peers) context.send(peer, message);
  }

  private conclude(): void {
    const { number } = this.council;
    if (this.commanding !== null) {
      const { request, order } = this.commanding;
      this.decisions.push([number, order]);
      this.context.reply(request, { type: 'ok', value: { council: number, decision: order } });
    } else if (this.heard) {
      this.decisions.push([number, this.deliberation.decide()]);
    }
  }

  private convene(number: number): void {
    const { generals, context, algorithm } = this;
    this.council = { number, commander: generals[number % generals.length]!, generals };
    this.deliberation = algorithm.deliberation(this.council, context.id);
    this.heard = false;
    this.commanding = null;
  }

  private now(): { council: number; round: number } {
    const rounds = Math.floor(this.context.wallClock() / this.roundLength);
    const council = Math.floor(rounds / this.algorithm.rounds);
    return { council, round: rounds - council * this.algorithm.rounds };
  }

  private awaitNextRound(): void {
    this.context.setTimer('round', this.roundLength - (this.context.wallClock() % this.roundLength));
  }
}
