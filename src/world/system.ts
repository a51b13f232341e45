import type { NodeId } from '../faults/fault.ts';
import type { Client } from './client.ts';
import type { Guarantee } from './guarantee.ts';
import type { LivenessGuarantee } from './liveness.ts';
import type { Nanos } from './nanos.ts';
import type { NodeContext, NodeProgram } from './node-program.ts';
import type { AnyParameterValues, Parameters } from './parameters.ts';
import type { ProcessDeployment } from './process-deployment.ts';
import type { RandomStream } from './random.ts';
import type { SystemModel } from './system-model.ts';
import type { WorldKind } from './world.ts';

export type { Guarantee } from './guarantee.ts';
export type { LivenessGuarantee } from './liveness.ts';

/** One mistake that can be switched on. */
export interface Bug {
  /** The mistake, in a sentence. */
  readonly about: string;
  /** Workload that shows it. */
  readonly workload: string;
  /** Nemeses that bring it out, as on the command line: `partition:kinds=halves+ring`. */
  readonly nemeses: readonly string[];
}

/** The lectures of a course on distributed systems, in their order, and the servers that people run; each built-in system belongs to one. */
export const LECTURES = [
  'models',
  'time',
  'broadcast',
  'replication',
  'consensus',
  'replica consistency',
  'case studies',
  'real servers',
] as const;

export type Lecture = (typeof LECTURES)[number];

/** A system under test. Plain data but for `deploy`. */
export interface System {
  readonly name: string;
  readonly about: string;
  readonly lecture: Lecture;
  /** How it works and why that is enough, in a few paragraphs for somebody who has heard the lecture. */
  readonly how: readonly string[];
  /** The papers it follows: authors, title, where and when. */
  readonly sources: readonly string[];
  /** The wildest model within which its guarantees hold. */
  readonly assumes: SystemModel;
  /** What it assumes with these parameters, where that is not always `assumes`. */
  assumesWith?(parameters: AnyParameterValues): SystemModel;
  readonly guarantees: {
    readonly safety: readonly Guarantee[];
    /** A sentence where nothing judges the promise. */
    readonly liveness: readonly (LivenessGuarantee | string)[];
  };
  readonly bugs: Readonly<Record<string, Bug>>;
  /** Workload name → the functions that it may use. */
  readonly serves: Readonly<Record<string, readonly string[]>>;
  readonly parameters: Parameters;
  /** What else is worth trying: flags of `momus test`, with what they show. */
  readonly tries?: readonly (readonly [flags: string, shows: string])[];
  /** Where it can be deployed; the first is the default. Absent: in the simulator or, the same programs, as processes. */
  readonly worlds?: readonly [WorldKind, ...WorldKind[]];
  /** What it promises with these parameters to the clients of a workload, where that is not always `guarantees.safety`. */
  promises?(parameters: AnyParameterValues, workload: string): readonly Guarantee[];
  /** Throws a `UsageError` for parameters that can't be together. */
  deploy(options: DeployOptions): SimDeployment | ProcessDeployment;
}

/** Where a system can be deployed; the first is the default. */
export function worldsOf({ worlds = ['sim', 'linux'] }: System): readonly [WorldKind, ...WorldKind[]] {
  return worlds;
}

export interface DeployOptions {
  /** The workload that it will serve: a set's `read` is not an account's. */
  readonly workload: string;
  readonly bugs: ReadonlySet<string>;
  readonly parameters: AnyParameterValues;
}

/** Node programs and their client; runs wherever a host gives them their contexts. */
export interface SimDeployment {
  /** How many nodes it runs on; the default is 5, on as many as anybody likes. */
  readonly nodes?: { readonly default: number; readonly min: number; readonly max: number };
  /** How many of so many nodes may lie, or go wrong in any other way; only where its model has byzantine nodes. */
  bears?(nodes: number): number;
  /** Makes the program of a node that starts: at first, and after each crash. */
  // biome-ignore lint/suspicious/noExplicitAny: each system has its own message type, which only itself sees
  program(context: NodeContext<any>): NodeProgram<any, any>;
  client(context: ClientContext): Client;
}

/** All that a client can see or do. */
export interface ClientContext {
  /** Unique among all clients of the run, also those of earlier processes of the same thread. */
  readonly id: NodeId;
  readonly process: number;
  readonly nodes: readonly NodeId[];
  readonly random: RandomStream;
  /**
   * Sends a request and waits for the answer, which may never come; the time-out is the controller's affair. Rejects
   * with a `ConnectionError` when the node's process is dead or dies meanwhile.
   */
  request(node: NodeId, query: unknown): Promise<unknown>;
  sleep(delay: Nanos): Promise<void>;
}
