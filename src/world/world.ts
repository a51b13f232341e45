import type { Fault, FaultKind, NodeId } from '../faults/fault.ts';
import type { Client } from './client.ts';
import type { Nanos } from './nanos.ts';

export type Cancel = () => void;

/** What a world leaves behind besides the history. */
export interface Artifacts {
  /** What node programs traced, in order. */
  readonly trace: readonly TraceEvent[];
  /** How much happened, for the curious and for benchmarks. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Something that a node, or the world about a node, reports. */
export interface TraceEvent {
  readonly time: Nanos;
  readonly node: NodeId;
  readonly event: unknown;
}

/** Where nodes live, and the only thing that can hurt them. */
export interface World {
  readonly kind: 'sim' | 'stdio' | 'linux';
  readonly nodes: readonly NodeId[];
  /** Whether this world can do such a fault, or why it can't and what would make it possible. */
  can(fault: FaultKind): true | string;
  now(): Nanos;
  /** Calls `wake` once `delay` has passed. */
  after(delay: Nanos, wake: () => void): Cancel;
  /** A new, unopened client for a process. */
  client(process: number): Client;
  /** The nodes that now believe themselves leader or primary; empty where the system has none or can't tell. */
  primaries(): readonly NodeId[];
  /** Performs a fault; the answer stands in the history as the value of its completion. */
  inject(fault: Fault): Promise<unknown>;
  /** Undoes every fault: heals the network, clocks and disks, resumes and restarts every process. */
  healAll(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<Artifacts>;
  /** Lets time pass until what `body` promises has settled. */
  run<T>(body: () => Promise<T>): Promise<T>;
}
