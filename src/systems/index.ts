import type { System } from '../world/system.ts';
import { abd } from './sim/abd/abd.ts';
import { lwwMap } from './sim/lww-map/lww-map.ts';

/** Every built-in system by its name. */
export const systems: Readonly<Record<string, System>> = { abd, 'lww-map': lwwMap };
