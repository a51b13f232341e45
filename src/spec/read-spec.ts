import { UsageError } from '../world/usage-error.ts';
import { readText } from './read-text.ts';
import { type SpecInput, specSchema } from './schema.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

/** Reads a spec file. Throws a `UsageError` with `file:line:column` for each mistake. */
export function readSpecFile(file: string): YamlFile<SpecInput> {
  return readYaml(specSchema, readText(file, 'spec file'), file);
}

/**
 * Reads the settings that came as flags, in the schema's shape but as the user typed them. Throws a `UsageError` with a
 * line for each mistake, which `nameOf` begins with the flag's name.
 */
export function readSpecFlags(
  given: Readonly<Record<string, unknown>>,
  nameOf: (path: readonly PropertyKey[]) => string,
): SpecInput {
  const parsed = specSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(
    (issue) => `${nameOf(issue.path)}: ${issue.message.replace(/^Invalid \w+: /, '')}`,
  );
  throw new UsageError(lines.join('\n'));
}
