import * as z from 'zod';
import { campaignSchema } from './campaign-schema.ts';
import type { Registry } from './registry.ts';
import { specSchema } from './schema.ts';

/** The files that have a schema. */
export const SCHEMAS = { spec: specSchema, campaign: campaignSchema } as const;

/**
 * The JSON Schema of a file as users write it, for editors: they complete settings, and the names of what there is, and
 * mark slips. Momus itself judges by the same schema and says more.
 */
export function jsonSchema(file: keyof typeof SCHEMAS, registry: Registry): Record<string, unknown> {
  const schema = z.toJSONSchema(SCHEMAS[file], {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema: out, path }) {
      delete out.readOnly;
      suggest(out, String(path.at(-1)), registry);
      const { def } = zodSchema._zod;
      if (def.type === 'pipe' && def.in._zod.def.type === 'transform') alsoAsText(out);
    },
  });
  // What a preprocessor reads counts as optional, because it could read nothing too.
  const required = file === 'campaign' ? { required: ['seeds'] } : {};
  return { ...schema, ...required, title: `Momus ${file} file` };
}

/** What a preprocessor reads from a text may be written as that text; where the schema says itself what it may be, that is all. */
function alsoAsText(out: z.core.JSONSchema.BaseSchema): void {
  const { description, anyOf, ...shape } = out;
  for (const key of Object.keys(out)) delete out[key];
  Object.assign(out, {
    ...(description ? { description } : {}),
    anyOf: anyOf ?? [{ type: 'string' }, shape],
  });
}

/** Names that an editor may offer. */
function suggest(
  out: z.core.JSONSchema.BaseSchema,
  setting: string,
  { systems, workloads, nemeses }: Registry,
) {
  const names = { system: systems, workload: workloads, nemesis: nemeses }[setting];
  if (names !== undefined && out.type === 'string') out.examples = Object.keys(names);
}
