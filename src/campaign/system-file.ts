import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AnyParameterValues, readParameters } from '../world/parameters.ts';
import type { System } from '../world/system.ts';
import { UsageError } from '../world/usage-error.ts';
import type { WorldKind } from '../world/world.ts';

/** A system as a user writes it: what only explains may be missing. */
export type UserSystem = Omit<System, 'lecture' | 'how' | 'sources' | 'bugs' | 'parameters'> &
  Partial<Pick<System, 'lecture' | 'how' | 'sources' | 'bugs' | 'parameters'>>;

const NEEDED = ['name', 'about', 'assumes', 'guarantees', 'serves', 'deploy'] as const;

const NOT_EXPLAINED = {
  lecture: 'case studies',
  how: [],
  sources: [],
  bugs: {},
  parameters: {},
} as const;

/** Names of built-in systems have neither slashes nor endings. */
export function isPath(system: string): boolean {
  return /[\\/]|\.[cm]?[jt]s$/.test(system);
}

/** The system in a file. Throws a `UsageError` when there is none. */
export async function systemFrom(path: string): Promise<System> {
  return systemIn(await importFile(path), path);
}

function systemIn(exports: object, path: string): System {
  const { system } = exports as { readonly system?: Partial<UserSystem> };
  if (system === undefined)
    throw new UsageError(`${path}: exports no "system"; write export const system = { ... }`);
  const missing = NEEDED.filter((part) => system[part] === undefined);
  if (missing.length > 0) throw new UsageError(`${path}: the system has no ${missing.join(', no ')}`);
  return wholeSystem(system as UserSystem);
}

/** The system with all that its author left out. */
export function wholeSystem(system: UserSystem): System {
  const whole = { ...NOT_EXPLAINED, ...system };
  return { worlds: worldsItCanHave(whole), ...whole };
}

/** Programs run in the simulator or as processes; servers are processes in any case. */
function worldsItCanHave(system: System): readonly [WorldKind, ...WorldKind[]] {
  const parameters: AnyParameterValues = readParameters(system.parameters, {}, system.name);
  const workload = Object.keys(system.serves)[0] ?? '';
  const deployment = system.deploy({ workload, bugs: new Set(), parameters });
  return 'program' in deployment ? ['sim', 'linux'] : ['linux'];
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

interface TsxManifest {
  readonly exports: { readonly './esm/api': { readonly import: { readonly default: string } } };
}

/** From Node 22.18 on, and where a loader such as tsx is at work. */
function runsTypeScript(): boolean {
  return 'typescript' in process.features && process.features.typescript !== false
    ? true
    : import.meta.url.endsWith('.ts');
}

/** The entry for imports: `require.resolve` would find the one for `require`, which registers a loader that isn't there. */
function tsxNear(file: string): string | undefined {
  try {
    const manifest = createRequire(file).resolve('tsx/package.json');
    const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as TsxManifest;
    return new URL(exports['./esm/api'].import.default, pathToFileURL(manifest)).href;
  } catch {
    return undefined;
  }
}
