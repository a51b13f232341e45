import type { System } from '../world/system.ts';
import { linuxSystems } from './linux/registry.ts';
import { simSystems } from './sim/registry.ts';

/** Every built-in system by its name. */
export const systems: Readonly<Record<string, System>> = { ...simSystems, ...linuxSystems };
