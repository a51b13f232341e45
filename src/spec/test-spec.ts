import * as z from 'zod';
import { type Nanos, parseDuration, SECOND } from '../world/nanos.ts';
import type { Seed } from '../world/random.ts';
import { NETWORK_MODELS, NODE_MODELS, type SystemModel, TIMING_MODELS } from '../world/system-model.ts';
import { UsageError } from '../world/usage-error.ts';

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
  /** How long the healed system is left alone before the final reads. */
  readonly settle: Nanos;
  /** When a client gives an operation up. */
  readonly timeout: Nanos;
  readonly seed: Seed;
  /** What the nemeses may do. */
  readonly model: SystemModel;
  /** Whether nemeses may go beyond the model all the same. */
  readonly beyondModel: boolean;
  readonly world: 'sim';
}

/** What a user says about a run; the rest has defaults. */
export type SpecInput = z.output<typeof specSchema>;

const MOST_NODES = 1_000;
const MOST_CLIENTS = 10_000;

/** A whole number that says plainly what is wrong with another. */
export function count(what: string, most: number) {
  const message = `expected a whole number of ${what} from 1 to ${most}`;
  return z.int(message).min(1, message).max(most, message);
}

/** `500ms`, `30s`, or whole nanoseconds. */
const duration = z.union([z.string(), z.int().nonnegative()]).transform((given, context): Nanos => {
  if (typeof given === 'number') return given;
  try {
    return parseDuration(given, '');
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    context.addIssue({ code: 'custom', message: error.message.replace(/^: /, '') });
    return z.NEVER;
  }
});

const parameters = z.record(
  z.string(),
  z.union(
    [z.string(), z.number(), z.boolean(), z.array(z.string())],
    'expected a text, a number, true, false or a list of texts',
  ),
);

/** What a spec file may say. */
export const specSchema = z.strictObject({
  system: z.string(),
  bugs: z.array(z.string()).optional(),
  systemParameters: parameters.optional(),
  workload: z.string().optional(),
  workloadParameters: parameters.optional(),
  nemeses: z.array(z.strictObject({ name: z.string(), parameters: parameters.default({}) })).optional(),
  nodes: count('nodes', MOST_NODES).optional(),
  concurrency: count('clients', MOST_CLIENTS).optional(),
  rate: z.number().positive('expected more than 0 operations a second').optional(),
  timeLimit: duration.optional(),
  settle: duration.optional(),
  timeout: duration.optional(),
  seed: z.union([z.string(), z.number()], 'expected a text or a number').optional(),
  model: z
    .strictObject({
      network: z.enum(NETWORK_MODELS).optional(),
      nodes: z.enum(NODE_MODELS).optional(),
      timing: z.enum(TIMING_MODELS).optional(),
    })
    .optional(),
  beyondModel: z.boolean().optional(),
  world: z.literal('sim', 'expected "sim"').optional(),
});

/** What holds unless a spec says otherwise; workload, nemeses and model follow from the system and its bugs. */
export const SPEC_DEFAULTS = {
  nodes: 5,
  concurrency: 10,
  rate: 100,
  timeLimit: 30 * SECOND,
  settle: 10 * SECOND,
  timeout: 5 * SECOND,
} as const;
