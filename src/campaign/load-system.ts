import type { Registry } from '../spec/registry.ts';
import type { System } from '../world/system.ts';
import { registry } from './registry.ts';
import { isPath, systemFrom, type UserSystem, wholeSystem } from './system-file.ts';

/**
 * Everything that a spec can name, and the system in the file that `system` names, if it is a path: `./my-system.ts`.
 * Throws a `UsageError` when there is no system in it.
 */
export async function registryWith(system: string | undefined): Promise<Registry> {
  if (system === undefined || !isPath(system)) return registry;
  return { ...registry, systems: { ...registry.systems, [system]: await systemFrom(system) } };
}

/** Everything that a spec can name, and this system by its name. */
export function withSystem(system: UserSystem): Registry {
  return { ...registry, systems: { ...registry.systems, [system.name]: wholeSystem(system) } };
}

/** The same with several systems. */
export async function registryWithAll(systems: readonly string[]): Promise<Registry> {
  const all: Record<string, System> = {};
  for (const system of systems) Object.assign(all, (await registryWith(system)).systems);
  return { ...registry, systems: { ...registry.systems, ...all } };
}
