import { didYouMean } from '../src/world/did-you-mean.ts';
import { UsageError } from '../src/world/usage-error.ts';
import { nemeses } from './registry.ts';

/** A nemesis as the user asks for it: its parameters are still the user's text, for `readParameters`. */
export interface NemesisSpec {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Reads one nemesis: `partition`, or `partition:kinds=halves+ring,interval=5s`. Throws a `UsageError`. */
export function parseNemesis(text: string): NemesisSpec {
  const [name, ...rest] = split(text, ':');
  if (!Object.hasOwn(nemeses, name!)) {
    const names = Object.keys(nemeses);
    throw new UsageError(`no nemesis "${name}"${didYouMean(name!, names)}; choose from ${names.join(', ')}`);
  }
  const parameters: Record<string, string> = {};
  for (const item of rest.length === 0 ? [] : rest.join(':').split(',')) {
    const [key, ...value] = split(item, '=');
    if (value.length === 0 || key === '')
      throw new UsageError(`nemesis ${name}: "${item}" is no parameter; write it as interval=5s`);
    if (Object.hasOwn(parameters, key!)) throw new UsageError(`nemesis ${name}: ${key} is given twice`);
    parameters[key!] = value.join('=');
  }
  return { name: name!, parameters };
}

/**
 * Reads a list of nemeses: `kill,partition:kinds=halves,interval=5s,pause`. An item between commas that has a `=` and
 * no `:` before it is one more parameter of the nemesis before it; any other begins a new nemesis.
 */
export function parseNemeses(text: string): NemesisSpec[] {
  const specs: string[] = [];
  for (const item of text.split(',')) {
    if (!/^[^:]*=/.test(item)) {
      specs.push(item);
      continue;
    }
    const before = specs.pop();
    if (before === undefined)
      throw new UsageError(`"${item.trim()}" belongs to no nemesis; write NAME:${item.trim()}`);
    specs.push(`${before}${before.includes(':') ? ',' : ':'}${item}`);
  }
  return specs.map(parseNemesis);
}

function split(text: string, separator: string): string[] {
  return text.split(separator).map((part) => part.trim());
}
