import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { didYouMean } from '../world/did-you-mean.ts';
import { UsageError } from '../world/usage-error.ts';

/** Where in a document something stands: keys and list indices from the top. */
export type DataPath = readonly PropertyKey[];

/** A YAML file's content, and where in the file each part of it stands. */
export interface YamlFile<T> {
  readonly data: T;
  readonly locate: Locate;
}

/** `file:line:column` of what stands at `path`, or of the nearest thing around it. */
export type Locate = (path: DataPath, of?: 'key' | 'value') => string;

/**
 * Reads YAML text by a schema. Throws a `UsageError` with a line `file:line:column: what is wrong` for each mistake.
 */
export function readYaml<S extends z.ZodType>(schema: S, text: string, file: string): YamlFile<z.output<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0)
    throw new UsageError(document.errors.map((e) => `${at(e.pos[0])}: ${e.message}`).join('\n'));

  const locate = (path: DataPath, of: 'key' | 'value' = 'value'): string => at(offsetOf(document, path, of));
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {});
  if (parsed.success) return { data: parsed.data, locate };
  const mistakes = parsed.error.issues.flatMap((issue) => explain(issue, locate));
  throw new UsageError(mistakes.join('\n'));
}

/** An object that may have these settings and no other; a wrong name gets the right one that is nearest. */
export function settings<S extends z.core.$ZodShape>(shape: S) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const known = Object.keys(shape);
      return issue.keys.map((key) => `no setting "${key}"${didYouMean(key, known)}`).join('\n');
    },
  });
}

function explain(issue: z.core.$ZodIssue, locate: Locate): string[] {
  if (issue.code === 'unrecognized_keys')
    return issue.message
      .split('\n')
      .map((line, i) => `${locate([...issue.path, issue.keys[i]!], 'key')}: ${line}`);
  const setting = issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
  return [`${locate(issue.path)}: ${setting}${issue.message.replace(/^Invalid \w+: /, '')}`];
}

/** The offset of the value at `path`, or of its key; where the path leads nowhere, of the last thing on the way. */
function offsetOf(document: Document, path: DataPath, of: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const pair = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && item.key.value === step)
      : undefined;
    if (pair !== undefined) offset = startOf(pair.key) ?? offset;
    node = isSeq(node) ? node.items[Number(step)] : pair?.value;
    if (of === 'value' || pair === undefined) offset = startOf(node) ?? offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
