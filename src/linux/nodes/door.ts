import { createServer, type Socket } from 'node:net';
import type { NodeId } from '../../faults/fault.ts';
import type { LiePolicy } from '../../faults/lie.ts';
import type { RequestId } from '../../world/node-program.ts';
import { encodeFrame, FrameReader, packed, unpacked } from './frames.ts';
import { type Answer, CLIENT_PORT, type Question } from './task.ts';

/** Traced events that nobody has heard yet, at most. */
const MOST_TRACES = 10_000;

/** What the door asks the node. */
export interface DoorOptions {
  readonly address: string;
  onRequest(request: RequestId, query: unknown): void;
  begin(): void;
  leads(): boolean;
  lie(policy: LiePolicy | null): void;
  /** ns since 1970. */
  clock(): number;
}

/** Where clients and the controller come in. */
export class Door {
  private readonly options: DoorOptions;
  /** The last connection of each client. */
  private readonly clients = new Map<NodeId, Socket>();
  private controller: Socket | null = null;
  private unheard: unknown[] = [];

  private constructor(options: DoorOptions) {
    this.options = options;
  }

  /** Resolves once it is open. */
  static async open(options: DoorOptions): Promise<Door> {
    const door = new Door(options);
    const server = createServer({ noDelay: true }, (socket) => door.accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(CLIENT_PORT, options.address, resolve);
    });
    return door;
  }

  /** False when this client has no connection here. */
  reply({ client, id }: RequestId, answer: unknown): boolean {
    const socket = this.clients.get(client);
    if (socket === undefined) return false;
    tell(socket, { id, answer: packed(answer) });
    return true;
  }

  /** For the controller, now or once it comes. */
  trace(event: unknown): void {
    if (this.controller !== null) tell(this.controller, { trace: packed(event) });
    else if (this.unheard.length < MOST_TRACES) this.unheard.push(event);
  }

  private accept(socket: Socket): void {
    const reader = new FrameReader(({ content }) => this.answer(socket, content as Question));
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      if (!reader.push(chunk)) socket.destroy();
    });
    socket.once('close', () => {
      if (this.controller === socket) this.controller = null;
      for (const [client, of] of this.clients) if (of === socket) this.clients.delete(client);
    });
  }

  private answer(socket: Socket, question: Question): void {
    const { id } = question;
    if (question.ask === 'request') {
      const { client } = question;
      this.clients.set(client, socket);
      this.options.onRequest({ client, id }, unpacked(question.query));
      return;
    }
    this.hearController(socket);
    tell(socket, { id, answer: packed(this.answerTo(question)) });
  }

  private answerTo(question: Exclude<Question, { readonly ask: 'request' }>): unknown {
    switch (question.ask) {
      case 'ready':
        return true;
      case 'begin':
        this.options.begin();
        return true;
      case 'leads':
        return this.options.leads();
      case 'lie':
        this.options.lie(question.policy);
        return true;
      case 'clock':
        return this.options.clock();
    }
  }

  /** Only the controller asks anything but requests. */
  private hearController(socket: Socket): void {
    this.controller = socket;
    for (const event of this.unheard) this.trace(event);
    this.unheard = [];
  }
}

function tell(socket: Socket, answer: Answer): void {
  socket.write(encodeFrame({ kind: 'json', content: answer }));
}
