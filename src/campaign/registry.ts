import { nemeses } from '../../nemeses/index.ts';
import { workloads } from '../../workloads/index.ts';
import type { Registry } from '../spec/registry.ts';
import { systems } from '../systems/index.ts';

/** The one place where names meet what they stand for. */
export const registry: Registry = { systems, workloads, nemeses };
