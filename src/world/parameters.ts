import { didYouMean } from './did-you-mean.ts';
import { formatDuration, type Nanos, parseDuration } from './nanos.ts';
import { UsageError } from './usage-error.ts';

/** One setting of a nemesis, workload or system: how it is read, checked and explained. */
export type Parameter =
  | { readonly type: 'duration'; readonly default: Nanos; readonly about: string }
  | {
      readonly type: 'integer';
      readonly default: number;
      readonly min: number;
      readonly max?: number;
      readonly about: string;
    }
  | {
      readonly type: 'number';
      readonly default: number;
      readonly min?: number;
      readonly max?: number;
      readonly about: string;
    }
  | { readonly type: 'probability'; readonly default: number; readonly about: string }
  | { readonly type: 'boolean'; readonly default: boolean; readonly about: string }
  | {
      readonly type: 'choice';
      readonly of: readonly string[];
      readonly default: string;
      readonly about: string;
    }
  | {
      readonly type: 'choices';
      readonly of: readonly string[];
      readonly default: readonly string[];
      readonly about: string;
    };

export type Parameters = Readonly<Record<string, Parameter>>;

type ValueOf<P extends Parameter> = P extends { type: 'choices' }
  ? readonly string[]
  : P extends { type: 'boolean' }
    ? boolean
    : P extends { type: 'choice' }
      ? string
      : number;

/** What `readParameters` gives for a declaration: every name, with its type. */
export type ParameterValues<P extends Parameters> = { readonly [K in keyof P]: ValueOf<P[K]> };

/** The values of parameters whose declaration isn't known to the types. */
export type AnyParameterValues = Readonly<Record<string, number | string | boolean | readonly string[]>>;

/**
 * Fills in defaults and reads what the user gave: strings from flags (`interval=5s`, `kinds=halves+ring`) or plain YAML
 * values. Throws a `UsageError` that begins with `where` for an unknown name or an impossible value.
 */
export function readParameters<P extends Parameters>(
  declared: P,
  given: Readonly<Record<string, unknown>>,
  where: string,
): ParameterValues<P> {
  for (const name of Object.keys(given)) {
    if (declared[name] === undefined) {
      const names = Object.keys(declared);
      const has = names.length === 0 ? 'it has no parameters' : `it has: ${names.join(', ')}`;
      throw new UsageError(`${where}: no parameter "${name}"${didYouMean(name, names)}; ${has}`);
    }
  }
  const values: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(declared)) {
    const raw = given[name];
    values[name] = raw === undefined ? parameter.default : readValue(parameter, raw, `${where}: ${name}`);
  }
  return values as ParameterValues<P>;
}

function readValue(parameter: Parameter, raw: unknown, where: string): unknown {
  switch (parameter.type) {
    case 'duration':
      if (typeof raw === 'number' && Number.isInteger(raw) && raw >= 0) return raw;
      return parseDuration(String(raw), where);
    case 'integer':
      return readNumber(raw, where, 'a whole number', Number.isInteger, parameter.min, parameter.max);
    case 'number':
      return readNumber(raw, where, 'a number', Number.isFinite, parameter.min, parameter.max);
    case 'probability':
      return readNumber(raw, where, 'a probability', Number.isFinite, 0, 1);
    case 'boolean':
      if (raw === true || raw === 'true' || raw === 'yes') return true;
      if (raw === false || raw === 'false' || raw === 'no') return false;
      throw new UsageError(`${where}: "${raw}" is neither true nor false`);
    case 'choice':
      return readChoice(String(raw), parameter.of, where);
    case 'choices': {
      const names = Array.isArray(raw) ? raw.map(String) : String(raw).split('+');
      return names.map((name) => readChoice(name, parameter.of, where));
    }
  }
}

function readNumber(
  raw: unknown,
  where: string,
  what: string,
  fits: (n: number) => boolean,
  min?: number,
  max?: number,
): number {
  const n =
    typeof raw === 'number' ? raw : typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : Number.NaN;
  if (!fits(n)) throw new UsageError(`${where}: "${raw}" is not ${what}`);
  if (min !== undefined && n < min) throw new UsageError(`${where}: ${n} is below the least, ${min}`);
  if (max !== undefined && n > max) throw new UsageError(`${where}: ${n} is above the greatest, ${max}`);
  return n;
}

function readChoice(name: string, of: readonly string[], where: string): string {
  if (of.includes(name)) return name;
  throw new UsageError(`${where}: no "${name}"${didYouMean(name, of)}; choose from ${of.join(', ')}`);
}

/** A parameter's default as the user would write it. */
export function formatDefault(parameter: Parameter): string {
  if (parameter.type === 'duration') return formatDuration(parameter.default);
  if (parameter.type === 'choices') return parameter.default.join('+');
  return String(parameter.default);
}
