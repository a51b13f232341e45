import * as z from 'zod';
import { UsageError } from '../world/usage-error.ts';
import { parseNemeses, parseNemesis } from './nemesis-text.ts';
import { count, duration, model, nemesis, noted, parameters, sizes, specSchema } from './schema.ts';
import { endless, readSeeds, type SeedPlan } from './seed-plan.ts';
import { settings } from './yaml-file.ts';

/** What a campaign file says, as it stands there. */
export type CampaignInput = z.output<typeof campaignSchema>;

const MOST = Number.MAX_SAFE_INTEGER;

/** Reads a text by `read`, and leaves anything else as it is; a `UsageError` becomes a mistake with its place. */
function textOr<S extends z.ZodType>(read: (text: string) => unknown, schema: S) {
  return z.preprocess((given, context) => {
    if (typeof given !== 'string') return given;
    try {
      return read(given);
    } catch (error) {
      return noted(error, context);
    }
  }, schema);
}

/** `raft`, or a system with bugs and parameters. */
const system = textOr(
  (name) => ({ system: name }),
  settings({
    system: z.string(),
    bugs: z.array(z.string()).readonly().optional(),
    /** Each bug of the system alone, with the workload and nemeses that bring it out unless the file names others. */
    eachBug: z.boolean().optional(),
    parameters: parameters.optional(),
  }),
);

/** `register:keys=5`, or the same taken apart. */
const workload = textOr(
  (text) => {
    const { name, parameters: given } = parseNemesis(text);
    return { workload: name, parameters: given };
  },
  settings({ workload: z.string(), parameters: parameters.optional() }),
);

/** Nemeses that are at work together: `partition,kill:interval=5s`, `none`, or a list. */
const nemesisSet = textOr(parseNemeses, z.array(nemesis).readonly());

/** `1..100`, `nightly`, a list of such, `forever`, `{ from: 1, until: 10m }`. */
const seeds = z
  .preprocess(
    (given, context) => {
      if (given === undefined) return noted(new UsageError('say under which, as in 1..100'), context);
      if (given === 'forever') return { from: 1, until: 'forever' };
      if (typeof given !== 'string' && typeof given !== 'number' && !Array.isArray(given)) return given;
      try {
        return { plan: readSeeds(given) };
      } catch (error) {
        return noted(error, context);
      }
    },
    settings({
      plan: z.custom<SeedPlan>().optional(),
      from: z.int('expected a whole number').min(0, 'expected a whole number from 0 on').default(1),
      until: z
        .union([z.literal('forever'), duration], 'expected a time with its unit, 10m, or forever')
        .optional(),
    }),
  )
  .transform(({ plan, from, until }) => plan ?? endless(from, until === 'forever' ? undefined : until))
  .meta({
    description: '1..100, a list of ranges and texts, forever, or { from: 1, until: 10m }',
    anyOf: [
      { type: ['string', 'number'] },
      { type: 'array', items: { type: ['string', 'number'] }, minItems: 1 },
      {
        type: 'object',
        properties: { from: { type: 'integer', minimum: 0 }, until: { type: 'string' } },
        additionalProperties: false,
      },
    ],
  });

/** When a campaign ends before its seeds do. */
const stop = z.preprocess(
  (given) => (given === 'first-failure' ? { failures: 1 } : given),
  settings({
    failures: count('failing runs', MOST).optional(),
    distinct: count('distinct failures', MOST).optional(),
    cellFailures: count('failing runs of a cell', MOST).optional(),
    runs: count('runs', MOST).optional(),
    time: duration.optional(),
  }),
);

/** Which cells are left out: those with all that is named. */
const pattern = settings({
  system: z.string().optional(),
  bug: z.string().optional(),
  workload: z.string().optional(),
  nemesis: z.string().optional(),
  model: model.optional(),
}).refine((given) => Object.keys(given).length > 0, 'names nothing, so it would exclude everything');

const {
  seed: _seed,
  anomalies: _anomalies,
  ...oneCell
} = { ...specSchema.shape, system: z.string('names no system') };

/** What a campaign file may say. */
export const campaignSchema = settings({
  name: z
    .string()
    .regex(/^[\w.-]+$/, 'expected letters, digits, dots and dashes')
    .optional(),
  systems: z.array(system).readonly().default([]),
  workloads: z
    .union([z.literal('all'), z.array(workload).readonly()], 'expected a list of workloads, or all')
    .optional(),
  nemeses: z.array(nemesisSet).readonly().optional(),
  models: z.array(model).readonly().optional(),
  seeds,
  ...sizes,
  beyondModel: z.boolean().optional(),
  /** Whether runs are also changed ones of those that showed something new, wherever faults are drawn. */
  explore: z.boolean().default(false),
  include: z.array(settings(oneCell)).readonly().default([]),
  exclude: z.array(pattern).readonly().default([]),
  stop: stop.default({}),
  expect: z.enum(['valid', 'bugs-found'], 'expected valid or bugs-found').default('valid'),
});
