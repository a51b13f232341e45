import { append } from './append.ts';
import { cap } from './cap.ts';
import { consensus } from './consensus.ts';
import { lock } from './lock.ts';
import { register } from './register.ts';
import { set } from './set.ts';
import { transfer } from './transfer.ts';
import type { Workload } from './workload.ts';

export type { Workload, WorkloadOptions } from './workload.ts';

/** Every workload by its name. */
export const workloads: Readonly<Record<string, Workload>> = {
  register,
  set,
  append,
  consensus,
  cap,
  lock,
  transfer,
};
