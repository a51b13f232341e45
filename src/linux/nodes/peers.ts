import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import type { NodeId } from '../../faults/fault.ts';
import { decodeFrame, encodeFrame, type Frame, FrameReader } from './frames.ts';
import { Outgoing } from './outgoing.ts';
import { type NodeAddress, PEER_PORT, type Transport } from './task.ts';

/** A longer frame goes over the connection even where datagrams are wanted: none can hold it. */
const LONGEST_DATAGRAM = 60_000;

/** What a node that is busy can let lie, if the machine permits so much (bytes; net.core.rmem_max). */
const RECEIVE_BUFFER = 8 * 1024 * 1024;

export interface PeersOptions {
  readonly self: NodeAddress;
  readonly nodes: readonly NodeAddress[];
  readonly transport: Transport;
  onFrame(from: NodeId, frame: Frame): void;
}

/**
 * What a node has to do with its peers. Over `tcp` messages go through a connection for each direction, which is made
 * when it is needed and again after it broke: what is under way then is lost, all else arrives in order. Over `udp` each
 * is a datagram: lost, doubled and overtaken as packets are.
 */
export class Peers {
  private readonly options: PeersOptions;
  private readonly nameOf: ReadonlyMap<string, NodeId>;
  private readonly addressOf: ReadonlyMap<NodeId, string>;
  private readonly links = new Map<NodeId, Outgoing>();
  private readonly datagrams: Datagrams;

  private constructor(options: PeersOptions) {
    this.options = options;
    this.nameOf = new Map(options.nodes.map(({ id, address }) => [address, id]));
    this.addressOf = new Map(options.nodes.map(({ id, address }) => [id, address]));
    this.datagrams = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER }, (bytes, { address }) => {
      const frame = decodeFrame(bytes);
      const from = this.nameOf.get(address);
      if (frame !== null && from !== undefined) options.onFrame(from, frame);
    });
  }

  /** Resolves once it listens. */
  static async open(options: PeersOptions): Promise<Peers> {
    const peers = new Peers(options);
    const { address } = options.self;
    const server = createServer((socket) => peers.accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(PEER_PORT, address, resolve);
    });
    await new Promise<void>((resolve, reject) => {
      peers.datagrams.once('error', reject);
      peers.datagrams.bind(PEER_PORT, address, resolve);
    });
    // A peer that is gone is no failure of ours.
    peers.datagrams.on('error', () => {});
    return peers;
  }

  /** Sends a frame to a node other than this one. */
  send(to: NodeId, frame: Frame): void {
    const address = this.addressOf.get(to);
    if (address === undefined)
      throw new Error(`${this.options.self.id} sent a message to "${to}", which is no node`);
    const bytes = encodeFrame(frame);
    if (this.options.transport === 'udp' && bytes.length <= LONGEST_DATAGRAM) {
      this.datagrams.send(bytes, PEER_PORT, address);
      return;
    }
    let link = this.links.get(to);
    if (link === undefined) {
      link = new Outgoing(address, PEER_PORT);
      this.links.set(to, link);
    }
    link.send(bytes);
  }

  private accept(socket: Socket): void {
    const from = this.nameOf.get(socket.remoteAddress ?? '');
    socket.on('error', () => {});
    if (from === undefined) {
      socket.destroy();
      return;
    }
    const reader = new FrameReader((frame) => this.options.onFrame(from, frame));
    socket.on('data', (chunk) => {
      // Where the next frame begins is lost with a damaged one.
      if (!reader.push(chunk)) socket.destroy();
    });
  }
}
