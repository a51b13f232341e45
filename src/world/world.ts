import type { Fault, FaultKind, NodeId } from '../faults/fault.ts';
import type { Client } from './client.ts';
import type { Nanos } from './nanos.ts';

/** Which kinds of worlds a system can be deployed in, by the name that a spec uses. */
export const WORLD_KINDS = ['sim', 'linux'] as const;
export type WorldKind = (typeof WORLD_KINDS)[number];

export type Cancel = () => void;

/** What a world leaves behind besides the history. */
export interface Artifacts {
  /** What node programs traced, in order. */
  readonly trace: readonly TraceEvent[];
  /** How much happened, for the curious and for benchmarks. */
  readonly counts: Readonly<Record<string, number>>;
  /** Hashes of small abstractions of what happened, where a simulated world was to note them. */
  readonly features?: ReadonlySet<number> | undefined;
}

/** Something that a node, or the world about a node, reports. */
export interface TraceEvent {
  readonly time: Nanos;
  readonly node: NodeId;
  readonly event: unknown;
}

/** What a world notices by itself, as the history keeps it: `process/exit`, `clock/offsets`, `controller/lag` ... */
export interface Observation {
  readonly f: string;
  readonly node?: NodeId | undefined;
  readonly value: unknown;
}

/** Where nodes live, and the only thing that can hurt them. */
export interface World {
  readonly kind: WorldKind;
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
  /** Tells `listener` of what nobody asked for; a world in which nothing such happens has no need of it. */
  observe?(listener: (observation: Observation) => void): void;
  /** Lets time pass until what `body` promises has settled. */
  run<T>(body: () => Promise<T>): Promise<T>;
}
