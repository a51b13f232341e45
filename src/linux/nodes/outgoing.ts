import { connect, type Socket } from 'node:net';

/** What may wait for a peer that does not take it; more is lost, as in a full buffer of a router. */
const MOST_WAITING = 8 * 1024 * 1024;

/** A connection that is not there by now is given up, and the next message tries anew (ms). */
const CONNECTS_WITHIN = 1_000;

/** The connection to one peer, made when there is something to send. What can't be sent is lost. */
export class Outgoing {
  private readonly address: string;
  private readonly port: number;
  private socket: Socket | null = null;
  private connected = false;
  /** What waits for the connection. */
  private waiting: Buffer[] = [];
  private bytesWaiting = 0;

  constructor(address: string, port: number) {
    this.address = address;
    this.port = port;
  }

  send(frame: Buffer): void {
    const socket = this.socket ?? this.open();
    const queued = this.connected ? socket.writableLength : this.bytesWaiting;
    if (queued + frame.length > MOST_WAITING) return;
    if (this.connected) {
      socket.write(frame);
      return;
    }
    this.waiting.push(frame);
    this.bytesWaiting += frame.length;
  }

  private open(): Socket {
    const socket = connect({ host: this.address, port: this.port, noDelay: true });
    this.socket = socket;
    const patience = setTimeout(() => socket.destroy(), CONNECTS_WITHIN);
    socket.once('connect', () => {
      clearTimeout(patience);
      this.connected = true;
      for (const frame of this.waiting) socket.write(frame);
      this.forgetWaiting();
    });
    // Why it ended does not matter: `close` follows.
    socket.on('error', () => {});
    socket.resume();
    socket.once('close', () => {
      clearTimeout(patience);
      this.socket = null;
      this.connected = false;
      this.forgetWaiting();
    });
    return socket;
  }

  private forgetWaiting(): void {
    this.waiting = [];
    this.bytesWaiting = 0;
  }
}
