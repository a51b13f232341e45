import type { NodeId } from '../faults/fault.ts';
import type { LiePolicy } from '../faults/lie.ts';
import type { Client } from './client.ts';
import type { Nanos } from './nanos.ts';
import type { RandomStream } from './random.ts';

/**
 * How a cluster of real servers is started, watched and asked. A system says what; the world that carries it out does
 * the rest: networks, users, folders, logs, restarts and clean-up. Every function may be called again after a crash.
 */
export interface ProcessDeployment {
  /** Programs that must be on the machine. */
  readonly requires: readonly ServerBinary[];
  /** Packages of npm that must stand beside Momus, mostly for its client. A system of your own imports what it likes. */
  readonly npm?: readonly NpmPackage[];
  /** How many nodes make sense. */
  readonly nodes: { readonly default: number; readonly min: number; readonly max: number };
  /** What fits this system better than the defaults of every test. */
  readonly defaults?: {
    readonly concurrency?: number;
    readonly rate?: number;
    readonly timeLimit?: Nanos;
    /** Long enough for a healed cluster to be whole again before the final reads. */
    readonly settle?: Nanos;
    readonly timeout?: Nanos;
  };
  /** The Unix user of the servers; they run as root without. */
  readonly user?: string;
  /** How long a node may take from its start until it is ready, and a cluster to its first readiness. */
  readonly startsWithin: Nanos;
  /** Files written once before the first start: paths below the node's home, with their content. */
  files?(node: NodeSite, nodes: readonly NodeSite[]): Readonly<Record<string, string>>;
  /** What runs on a node, started in this order; together they are the node's processes, which faults hit as one. */
  processes(node: NodeSite, nodes: readonly NodeSite[], start: StartOptions): readonly ServerProcess[];
  /** Brings an empty cluster up; without it all nodes are started at once and waited for. */
  bootstrap?(cluster: Cluster): Promise<void>;
  /** Brings dead nodes back once everything is healed; without it each is started. Nodes that run are left alone. */
  recover?(cluster: Cluster): Promise<void>;
  /** Whether the node serves clients. Asked again and again; a rejection means no. */
  ready(node: NodeSite): Promise<boolean>;
  /** Whether the node believes itself leader or primary; absent where there is none. A rejection means no. */
  leads?(node: NodeSite): Promise<boolean>;
  /** What the server itself says the time of day is: proves that a skewed clock reaches it. Absent where it can't say. */
  readonly wallClock?: {
    /** ns since 1970. The cluster runs a command on the node, where it takes one. */
    ask(node: NodeSite, cluster: Pick<Cluster, 'run'>): Promise<Nanos>;
    /** How exact the answer is, ns. */
    readonly granularity: Nanos;
  };
  /** From now on `listener` hears what the node's program traces; absent where nothing can be traced. */
  onTrace?(listener: (node: NodeId, event: unknown) => void): void;
  /**
   * From now on, also when it is started anew, the node lies to its peers in this way; null: it says what its program
   * says. Absent where nothing lies at a command, as servers don't.
   */
  lie?(node: NodeSite, policy: LiePolicy | null): Promise<void>;
  /** An unopened client on the controller's side. */
  newClient(context: ServerClientContext): Client;
  /** Log files besides the output of the processes, which is kept anyway: absolute paths. */
  logs?(node: NodeSite): readonly string[];
}

/** A node of a cluster of servers: where it lives. */
export interface NodeSite {
  readonly id: NodeId;
  /** 1, 2, 3 ... */
  readonly number: number;
  /** Its IPv4 address, by which its peers and clients reach it; every port is its own. */
  readonly address: string;
  /** Folder of its data, on the disk that faults hit. Empty at first; belongs to the deployment's user. */
  readonly data: string;
  /** Folder for all else (configuration, sockets, scripts), which no fault hits; belongs to the same user. */
  readonly home: string;
}

/** One process of a node. */
export interface ServerProcess {
  /** Names its log: `etcd`, `sentinel`. */
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** Added to a small environment of its own: PATH, HOME, TMPDIR, LANG. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the node's home. */
  readonly folder?: string;
}

export interface StartOptions {
  /** Whether this start makes a new cluster: what `Cluster.start` was told. */
  readonly bootstrap: boolean;
}

/** A program that a server needs, and how to get it. */
export interface ServerBinary {
  /** Its name on the PATH, or its absolute path. */
  readonly binary: string;
  /** The Debian package that brings it. */
  readonly package: string;
  /** The command that prints its version; absent where there is none, so that its package's is told. */
  readonly version?: readonly [program: string, ...args: string[]];
}

/** A package of npm, and the version that it was tried with. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
}

/** A cluster in the hands of the steps that bring it up. */
export interface Cluster {
  readonly nodes: readonly NodeSite[];
  /** Whether the node's processes run. */
  running(node: NodeId): boolean;
  /** Starts the node's processes, if they don't run. */
  start(node: NodeId, options?: StartOptions): Promise<void>;
  /** Waits until the node is ready; rejects once `startsWithin` is over. */
  ready(node: NodeId): Promise<void>;
  /** Ends the node's processes, gently if they heed SIGTERM. */
  stop(node: NodeId): Promise<void>;
  /**
   * Runs a command on the node, as the deployment's user unless told otherwise, and gives what it printed. Rejects,
   * with what it printed to standard error, if it fails.
   */
  run(
    node: NodeId,
    command: readonly [program: string, ...args: string[]],
    options?: {
      readonly user?: string;
      readonly env?: Readonly<Record<string, string>>;
      readonly input?: string;
    },
  ): Promise<string>;
}

/** All that a client of servers needs to know. */
export interface ServerClientContext {
  readonly process: number;
  readonly nodes: readonly NodeSite[];
  readonly random: RandomStream;
  /** When the controller gives an operation up by itself, ns: the client needs no time-out of its own. */
  readonly timeout: Nanos;
}
