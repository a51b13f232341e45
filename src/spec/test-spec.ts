import { type Nanos, SECOND } from '../world/nanos.ts';
import type { Seed } from '../world/random.ts';
import type { SystemModel } from '../world/system-model.ts';
import type { WorldKind } from '../world/world.ts';
import type { Script } from './script.ts';

/** The value of a parameter as a spec holds it. */
export type PlainParameter = string | number | boolean | readonly string[];
export type PlainParameters = Readonly<Record<string, PlainParameter>>;

export interface NemesisSpec {
  readonly name: string;
  readonly parameters: PlainParameters;
}

/** Everything about one run, as plain data: in the simulator the same spec gives the same history. */
export interface TestSpec {
  readonly system: string;
  readonly bugs: readonly string[];
  readonly systemParameters: PlainParameters;
  readonly workload: string;
  readonly workloadParameters: PlainParameters;
  readonly nemeses: readonly NemesisSpec[];
  readonly nodes: number;
  /** Client threads. */
  readonly concurrency: number;
  /** Operations a second, all clients together. */
  readonly rate: number;
  /** How long clients and nemeses work. */
  readonly timeLimit: Nanos;
  /** How long clients go on after everything was healed. */
  readonly recovery: Nanos;
  /** How long the healed system is left alone before the final reads. */
  readonly settle: Nanos;
  /** When a client gives an operation up. */
  readonly timeout: Nanos;
  readonly seed: Seed;
  /** What the nemeses may do. */
  readonly model: SystemModel;
  /** Whether nemeses may go beyond the model all the same. */
  readonly beyondModel: boolean;
  /** Whether the run ends at the first violation that its checkers can tell while it goes on. */
  readonly failFast: boolean;
  /** What is done when, where the workload and the nemeses are not to draw it. */
  readonly script?: Script;
  readonly world: WorldKind;
  /** Only in the linux world. */
  readonly linux?: LinuxSettings;
}

/** What a spec says about the machine in the linux world. */
export interface LinuxSettings {
  /** Whether network faults between nodes hit the links of clients too; `healthy`, as Jepsen's control node: never. */
  readonly clientNetwork: 'healthy' | 'faulty';
  /** Whether data lie on a disk that can be injured, or on the machine's own. */
  readonly disk: 'faulty' | 'plain';
  /** Whether packets are kept, as `packets.pcap`. */
  readonly capture: boolean;
  /** How messages between node programs travel: over connections, or as datagrams. Servers have ways of their own. */
  readonly transport: 'tcp' | 'udp';
}

/** What holds unless a spec or its system says otherwise; workload, nemeses and model follow from the system and its bugs. */
export const SPEC_DEFAULTS = {
  nodes: 5,
  concurrency: 10,
  rate: 100,
  timeLimit: 30 * SECOND,
  recovery: 0,
  settle: 10 * SECOND,
  timeout: 5 * SECOND,
} as const;

export const LINUX_DEFAULTS: LinuxSettings = {
  clientNetwork: 'healthy',
  disk: 'faulty',
  capture: false,
  transport: 'tcp',
};

/** The settings that a system may have other defaults for than `SPEC_DEFAULTS`. */
export type RunSettings = Pick<TestSpec, keyof typeof SPEC_DEFAULTS>;
