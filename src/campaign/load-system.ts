import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Registry } from '../spec/registry.ts';
import type { System } from '../world/system.ts';
import { UsageError } from '../world/usage-error.ts';
import { registry } from './registry.ts';

/** A system as a user writes it: what only explains may be missing. */
export type UserSystem = Omit<System, 'lecture' | 'how' | 'sources' | 'bugs' | 'parameters'> &
  Partial<Pick<System, 'lecture' | 'how' | 'sources' | 'bugs' | 'parameters'>>;

const NEEDED = ['name', 'about', 'assumes', 'guarantees', 'serves', 'deploy'] as const;

/**
 * Everything that a spec can name, and the system in the file that `system` names, if it is a path: `./my-system.ts`.
 * Throws a `UsageError` when there is no system in it.
 */
export async function registryWith(system: string | undefined): Promise<Registry> {
  if (system === undefined || !isPath(system)) return registry;
  const loaded = systemIn(await importFile(system), system);
  return { ...registry, systems: { ...registry.systems, [system]: loaded } };
}

/** Everything that a spec can name, and this system by its name. Without `worlds` it is one of the simulator. */
export function withSystem(system: UserSystem): Registry {
  const whole: System = { ...NOT_EXPLAINED, ...system };
  return { ...registry, systems: { ...registry.systems, [system.name]: whole } };
}

const NOT_EXPLAINED = { lecture: 'case studies', how: [], sources: [], bugs: {}, parameters: {} } as const;

/** The same with several systems. */
export async function registryWithAll(systems: readonly string[]): Promise<Registry> {
  const all: Record<string, System> = {};
  for (const system of systems) Object.assign(all, (await registryWith(system)).systems);
  return { ...registry, systems: { ...registry.systems, ...all } };
}

/** Names of built-in systems have neither slashes nor endings. */
export function isPath(system: string): boolean {
  return /[\\/]|\.[cm]?[jt]s$/.test(system);
}

function systemIn(exports: object, path: string): System {
  const { system } = exports as { readonly system?: Partial<UserSystem> };
  if (system === undefined)
    throw new UsageError(`${path}: exports no "system"; write export const system = { ... }`);
  const missing = NEEDED.filter((part) => system[part] === undefined);
  if (missing.length > 0) throw new UsageError(`${path}: the system has no ${missing.join(', no ')}`);
  return {
    ...NOT_EXPLAINED,
    worlds: ['linux'],
    ...(system as UserSystem),
  };
}

async function importFile(path: string): Promise<object> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`${path}: no such file; name a module that exports a system`);
  const url = pathToFileURL(file).href;
  if (!/\.[cm]?ts$/.test(extname(file)) || runsTypeScript()) return import(url);
  const tsx = tsxNear(file) ?? tsxNear(import.meta.filename ?? file);
  if (tsx === undefined)
    throw new UsageError(
      `${path}: Node ${process.version} can't import TypeScript by itself; npm install tsx beside it, or compile it to .mjs`,
    );
  const { tsImport } = (await import(tsx)) as { tsImport(url: string, parent: string): Promise<object> };
  return tsImport(url, import.meta.url);
}

/** From Node 22.18 on, and where a loader such as tsx is at work. */
function runsTypeScript(): boolean {
  return 'typescript' in process.features && process.features.typescript !== false
    ? true
    : import.meta.url.endsWith('.ts');
}

function tsxNear(file: string): string | undefined {
  try {
    return pathToFileURL(createRequire(file).resolve('tsx/esm/api')).href;
  } catch {
    return undefined;
  }
}
