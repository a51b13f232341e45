import type { NodeId } from '../../faults/fault.ts';
import type { LiePolicy } from '../../faults/lie.ts';
import type { AnyParameterValues } from '../../world/parameters.ts';

/** How messages between node programs travel; see `peers.ts`. */
export type Transport = 'tcp' | 'udp';

/** All that the process of one node must know: plain data, handed to it when it starts. */
export interface NodeTask {
  /** The system whose program it runs: a built-in one's name, or the absolute path of a module. */
  readonly system: string;
  readonly workload: string;
  readonly bugs: readonly string[];
  readonly parameters: AnyParameterValues;
  readonly node: NodeId;
  readonly nodes: readonly NodeAddress[];
  /** Folder of the program's files. */
  readonly data: string;
  /** Folder for what no fault hits. */
  readonly home: string;
  readonly seed: string;
  /** Wall clocks count from this time, seconds since 1970. */
  readonly epoch: number;
  readonly transport: Transport;
  /** How it lies to its peers. */
  readonly lies: LiePolicy | null;
  /** Whether the program begins only when it is told to: so that all nodes of a new cluster begin together. */
  readonly waits: boolean;
}

export interface NodeAddress {
  readonly id: NodeId;
  readonly address: string;
}

/** Every node has an address of its own, so all have the same ports: for its peers, and for clients and the controller. */
export const PEER_PORT = 7_001;
export const CLIENT_PORT = 7_002;

/** What a client or the controller asks of a node's process; the answer comes as an `Answer` with the same id. */
export type Question = { readonly id: number } & (
  | { readonly ask: 'request'; readonly client: NodeId; readonly query: unknown }
  /** Whether it listens. */
  | { readonly ask: 'ready' }
  /** Begins the program; see `NodeTask.waits`. */
  | { readonly ask: 'begin' }
  | { readonly ask: 'leads' }
  | { readonly ask: 'lie'; readonly policy: LiePolicy | null }
  /** The time of day, ns since 1970. */
  | { readonly ask: 'clock' }
);

/** What comes back, and what the program traced, unasked. */
export type Answer = { readonly id: number; readonly answer: unknown } | { readonly trace: unknown };
