import type { NodeId } from '../faults/fault.ts';
import { drawLatency } from '../faults/latency.ts';
import { HEALTHY_LINK } from '../faults/link.ts';
import { ConnectionError } from '../world/client.ts';
import type { Nanos } from '../world/nanos.ts';
import type { RequestId } from '../world/node-program.ts';
import type { RandomStream } from '../world/random.ts';
import type { ClientContext } from '../world/system.ts';
import { ANSWER, REQUEST, WAKE } from './event-queue.ts';
import { freezeMessage } from './freeze.ts';
import type { Simulation } from './simulation.ts';

/** A request on its way to a node. */
export interface Request {
  readonly id: RequestId;
  readonly query: unknown;
}

/** What comes back: an answer, or the news that the connection is gone. */
export interface Answer {
  readonly id: number;
  readonly answer: unknown;
  readonly broken?: 'refused' | 'reset';
}

interface Waiting {
  readonly node: number;
  resolve(answer: unknown): void;
  reject(error: ConnectionError): void;
}

/** The simulated machine of one client. Its links to the nodes are always healthy, as those of Jepsen's control node. */
export class SimClient implements ClientContext {
  readonly id: NodeId;
  readonly index: number;
  readonly process: number;
  readonly nodes: readonly NodeId[];
  private readonly sim: Simulation;
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;
  private stream: RandomStream | null = null;

  constructor(sim: Simulation, index: number, process: number) {
    this.sim = sim;
    this.index = index;
    this.id = `c${index + 1}`;
    this.process = process;
    this.nodes = sim.nodeIds;
  }

  get random(): RandomStream {
    this.stream ??= this.sim.random.fork(`client/${this.id}`);
    return this.stream;
  }

  // A client may take its context apart.
  request = (node: NodeId, query: unknown): Promise<unknown> => {
    const to = this.sim.indexOf.get(node);
    if (to === undefined) return Promise.reject(new Error(`no node "${node}" in this simulation`));
    freezeMessage(query);
    const id = ++this.asked;
    const request: Request = { id: { client: this.id, id }, query };
    const at = this.sim.now + this.latency(to);
    this.sim.queue.push(at, REQUEST, to, this.index, request);
    this.sim.onTravel?.({ from: this.process, to: node, sent: this.sim.now, arrives: at, content: query });
    return new Promise((resolve, reject) => this.waiting.set(id, { node: to, resolve, reject }));
  };

  sleep = (delay: Nanos): Promise<void> =>
    new Promise((resolve) => this.sim.queue.push(this.sim.now + delay, WAKE, 0, 0, resolve));

  /** Sends the answer of a node on its way back. */
  answer(answer: Answer, from: NodeId): void {
    const at = this.sim.now + this.latency(this.nodes.length + this.sim.indexOf.get(from)!);
    this.sim.queue.push(at, ANSWER, this.index, 0, answer);
    const content = answer.broken ?? answer.answer;
    this.sim.onTravel?.({ from, to: this.process, sent: this.sim.now, arrives: at, content });
  }

  /** An answer has arrived; the second one to a request, or a late one, is nobody's. */
  receive({ id, answer, broken }: Answer): void {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) return;
    this.waiting.delete(id);
    if (broken === undefined) waiting.resolve(answer);
    else waiting.reject(new ConnectionError(broken, this.nodes[waiting.node]!));
  }

  /** The process at the other end died: its machine resets the connection. */
  connectionLost(node: number): void {
    for (const [id, waiting] of this.waiting) {
      if (waiting.node === node) this.answer({ id, answer: undefined, broken: 'reset' }, this.nodes[node]!);
    }
  }

  /** On the way to a node, by its number, or from it: then its number and that of all nodes. */
  private latency(line: number): Nanos {
    return drawLatency(HEALTHY_LINK.latency, this.sim.clientLinks.at(line, this.sim.now));
  }
}
