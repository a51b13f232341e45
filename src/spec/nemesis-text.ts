import { UsageError } from '../world/usage-error.ts';
import type { NemesisSpec, PlainParameter } from './test-spec.ts';

/**
 * Reads nemeses as they stand on a command line: `partition:kinds=halves+ring,interval=5s,kill` are two, because a
 * comma before `parameter=value` goes on with the nemesis before it. `none` is no nemesis.
 */
export function parseNemeses(text: string): NemesisSpec[] {
  const nemeses: { name: string; parameters: Record<string, string> }[] = [];
  for (const piece of text.split(',').map((part) => part.trim())) {
    const colon = piece.indexOf(':');
    const goesOn = piece.includes('=') && (colon < 0 || colon > piece.indexOf('='));
    if (!goesOn) nemeses.push({ name: colon < 0 ? piece : piece.slice(0, colon), parameters: {} });
    const parameter = goesOn ? piece : colon < 0 ? '' : piece.slice(colon + 1);
    if (parameter === '') continue;
    const { name, value } = parseAssignment(parameter, `nemesis "${text}"`);
    const nemesis = nemeses.at(-1);
    if (nemesis === undefined)
      throw new UsageError(`nemesis "${text}": begins with a parameter; write name:${parameter}`);
    nemesis.parameters[name] = value;
  }
  return nemeses.filter(({ name }) => name !== 'none');
}

/** Reads a single nemesis; throws a `UsageError` for none and for several. */
export function parseNemesis(text: string): NemesisSpec {
  const nemeses = parseNemeses(text);
  if (nemeses.length !== 1) throw new UsageError(`"${text}" is not one nemesis; give each its own entry`);
  return nemeses[0]!;
}

/** Reads `name=value`; throws a `UsageError` that begins with `where` for anything else. */
export function parseAssignment(text: string, where: string): { name: string; value: string } {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`${where}: "${text}" is no parameter; write name=value`);
  return { name: text.slice(0, equals), value: text.slice(equals + 1) };
}

/** A nemesis as `parseNemeses` reads it. */
export function formatNemesis({ name, parameters }: NemesisSpec): string {
  const given = Object.entries(parameters).map(([key, value]) => `${key}=${formatPlain(value)}`);
  return given.length === 0 ? name : `${name}:${given.join(',')}`;
}

/** A parameter's value as the command line takes it: lists are joined by `+`. */
export function formatPlain(value: PlainParameter): string {
  return Array.isArray(value) ? value.join('+') : String(value);
}
