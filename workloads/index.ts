import { append } from './append.ts';
import { bank } from './bank.ts';
import { broadcast } from './broadcast.ts';
import { cap } from './cap.ts';
import { clock } from './clock.ts';
import { consensus } from './consensus.ts';
import { counter } from './counter.ts';
import { events } from './events.ts';
import { generals } from './generals.ts';
import { kafka } from './kafka.ts';
import { likes } from './likes.ts';
import { lock } from './lock.ts';
import { longFork } from './long-fork.ts';
import { queue } from './queue.ts';
import { register } from './register.ts';
import { replicatedCounter } from './replicated-counter.ts';
import { replicatedMap } from './replicated-map.ts';
import { replicatedRegister } from './replicated-register.ts';
import { replicatedSet } from './replicated-set.ts';
import { rwRegister } from './rw-register.ts';
import { set } from './set.ts';
import { text } from './text.ts';
import { transfer } from './transfer.ts';
import { twoGenerals } from './two-generals.ts';
import { uniqueIds } from './unique-ids.ts';
import type { Workload } from './workload.ts';

export type { Workload, WorkloadOptions } from './workload.ts';

/** Every workload by its name. */
export const workloads: Readonly<Record<string, Workload>> = {
  register,
  set,
  append,
  'rw-register': rwRegister,
  bank,
  queue,
  kafka,
  counter,
  likes,
  'unique-ids': uniqueIds,
  'long-fork': longFork,
  broadcast,
  consensus,
  cap,
  lock,
  clock,
  events,
  generals,
  'two-generals': twoGenerals,
  transfer,
  'replicated-counter': replicatedCounter,
  'replicated-set': replicatedSet,
  'replicated-register': replicatedRegister,
  'replicated-map': replicatedMap,
  text,
};
