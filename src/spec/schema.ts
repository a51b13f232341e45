import * as z from 'zod';
import { didYouMean } from '../world/did-you-mean.ts';
import { FAULT_KINDS } from '../world/fault-kinds.ts';
import { type Nanos, parseDuration } from '../world/nanos.ts';
import { NETWORK_MODELS, NODE_MODELS, TIMING_MODELS } from '../world/system-model.ts';
import { UsageError } from '../world/usage-error.ts';
import { WORLD_KINDS } from '../world/world.ts';
import { parseNemesis } from './nemesis-text.ts';
import { settings } from './yaml-file.ts';

/** What a user says about a run; the rest has defaults. */
export type SpecInput = z.output<typeof specSchema>;

const MOST_NODES = 1_000;
const MOST_CLIENTS = 10_000;

/** A whole number that says plainly what is wrong with another. */
export function count(what: string, most: number) {
  const message = `expected a whole number of ${what} from 1 to ${most}`;
  return z.int(message).min(1, message).max(most, message);
}

/** One of these names; a wrong one gets the right one that is nearest. */
function oneOf<const T extends readonly string[]>(names: T) {
  return z.enum(names, {
    error: ({ input }) =>
      `no "${String(input)}"${didYouMean(String(input), names)}; choose from ${names.join(', ')}`,
  });
}

/** `500ms`, `30s`, `0`. A bare number is refused: nobody could say of what. */
export const duration = z
  .union([z.string(), z.literal(0)], 'expected a time with its unit: 500ms, 30s, 2m, 1h')
  .transform((given, context): Nanos => {
    try {
      return parseDuration(String(given), '');
    } catch (error) {
      return noted(error, context);
    }
  });

export const parameters = z.record(
  z.string(),
  z.union(
    [z.string(), z.number(), z.boolean(), z.array(z.string()).readonly()],
    'expected a text, a number, true, false or a list of texts',
  ),
);

/** `{ name, parameters }`, or as on the command line: `kill:targets=one`. */
export const nemesis = z.preprocess(
  (given, context) => {
    if (typeof given !== 'string') return given;
    try {
      return parseNemesis(given);
    } catch (error) {
      return noted(error, context);
    }
  },
  settings({ name: z.string(), parameters: parameters.default({}) }),
);

/** A system model, or the parts of it that differ from what the system assumes. */
export const model = settings({
  network: oneOf(NETWORK_MODELS).optional(),
  nodes: oneOf(NODE_MODELS).optional(),
  timing: oneOf(TIMING_MODELS).optional(),
  clockError: duration.optional(),
});

/** How large a run is, and how long. */
export const sizes = {
  nodes: count('nodes', MOST_NODES).optional(),
  concurrency: count('clients', MOST_CLIENTS).optional(),
  rate: z.number().positive('expected more than 0 operations a second').optional(),
  timeLimit: duration.optional(),
  recovery: duration.optional(),
  settle: duration.optional(),
  timeout: duration.optional(),
};

/** Moves of a script; that they name threads and nodes that there are is checked once those are known. */
const script = settings({
  operations: z
    .array(
      settings({
        at: duration,
        thread: z.int().min(0),
        f: z.string(),
        value: z.unknown(),
        key: z.union([z.string(), z.number()]).optional(),
        node: z.string().optional(),
      }),
    )
    .readonly()
    .optional(),
  faults: z
    .array(z.looseObject({ at: duration, kind: oneOf(FAULT_KINDS) }))
    .readonly()
    .default([]),
  steady: z.boolean().optional(),
});

/** What a spec file may say. */
export const specSchema = settings({
  system: z.string().optional(),
  bugs: z.array(z.string()).readonly().optional(),
  systemParameters: parameters.optional(),
  workload: z.string().optional(),
  workloadParameters: parameters.optional(),
  nemeses: z.array(nemesis).readonly().optional(),
  ...sizes,
  seed: z
    .union([z.string(), z.number()], 'expected a number or a text')
    .refine((seed) => seed !== '', 'expected a number or a text, and not an empty one')
    .optional(),
  model: model.optional(),
  beyondModel: z.boolean().optional(),
  failFast: z.boolean().optional(),
  script: script.optional(),
  /** What the run showed when it was saved. */
  anomalies: z.array(z.string()).readonly().optional(),
  world: oneOf(WORLD_KINDS).optional(),
  linux: settings({
    clientNetwork: oneOf(['healthy', 'faulty']).optional(),
    disk: oneOf(['faulty', 'plain']).optional(),
    capture: z.boolean().optional(),
    transport: oneOf(['tcp', 'udp']).optional(),
  }).optional(),
});

/** Turns the mistake that a parser found into one that the schema reports, with its place. */
export function noted(error: unknown, context: z.core.$RefinementCtx): never {
  if (!(error instanceof UsageError)) throw error;
  context.addIssue({ code: 'custom', message: error.message.replace(/^: /, '') });
  return z.NEVER;
}
