import type { Nemesis } from '../../nemeses/nemesis.ts';
import type { Workload } from '../../workloads/workload.ts';
import type { System } from '../world/system.ts';

/** Everything that a spec can name, by name. */
export interface Registry {
  readonly systems: Readonly<Record<string, System>>;
  readonly workloads: Readonly<Record<string, Workload>>;
  readonly nemeses: Readonly<Record<string, Nemesis>>;
}
