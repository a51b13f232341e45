import { atomicCommit } from './atomic-commit/atomic-commit.ts';
import { availability } from './availability.ts';
import { bank } from './bank.ts';
import { broadcast } from './broadcast/broadcast.ts';
import { BROADCAST_LEVELS } from './broadcast/levels.ts';
import { CAUSAL_LEVELS, causal, pram } from './causal/causal.ts';
import { SESSION_GUARANTEES, sessionGuarantees } from './causal/session-guarantees.ts';
import { causalReverse } from './causal-reverse.ts';
import type { Checker } from './checker.ts';
import { clock } from './clock/clock.ts';
import { clockCondition } from './clock-condition/clock-condition.ts';
import { consensus } from './consensus.ts';
import { convergence } from './convergence.ts';
import { counter } from './counter.ts';
import { errors } from './errors.ts';
import { byzantineAgreement } from './generals/byzantine-agreement.ts';
import { coordinatedAttack } from './generals/coordinated-attack.ts';
import { kafka } from './kafka/kafka.ts';
import { linearizable } from './linearizable/linearizable.ts';
import { lock } from './lock.ts';
import { longFork } from './long-fork.ts';
import { monotonic } from './monotonic.ts';
import { performance } from './performance.ts';
import { pnCounter } from './pn-counter.ts';
import { queue } from './queue.ts';
import { regular } from './regular.ts';
import { replicatedCounter } from './replicated/counter.ts';
import { replicatedRegister } from './replicated/register.ts';
import { replicatedMap, replicatedSet } from './replicated/set.ts';
import { replicatedText } from './replicated/text.ts';
import { sequential } from './sequential/sequential.ts';
import { set } from './set.ts';
import { setFull } from './set-full.ts';
import { stats } from './stats.ts';
import { strongEventual } from './strong-eventual.ts';
import { totalQueue } from './total-queue.ts';
import { listAppend } from './transactions/list-append.ts';
import { rwRegister } from './transactions/rw-register.ts';
import { uniqueIds } from './unique-ids.ts';
import { vacuity } from './vacuity.ts';

/** A checker that can be asked for by name. */
export interface CatalogueEntry {
  /** What it decides, in a line. */
  readonly about: string;
  create(): Checker;
}

const CREATORS: Readonly<Record<string, () => Checker>> = {
  linearizable: () => linearizable(),
  stats,
  'set-full': () => setFull(),
  'set-full-linearizable': () => setFull({ linearizable: true }),
  convergence,
  regular,
  set,
  queue,
  'total-queue': () => totalQueue(),
  'unique-ids': uniqueIds,
  counter,
  'pn-counter': pnCounter,
  availability: () => availability(),
  consensus: () => consensus(),
  'byzantine-agreement': byzantineAgreement,
  'coordinated-attack': coordinatedAttack,
  clock: () => clock(),
  'clock-condition': () => clockCondition(),
  'strong-clock-condition': () => clockCondition({ strong: true }),
  lock: () => lock(),
  'lock-fencing': () => lock({ fencing: true }),
  'atomic-commit': () => atomicCommit(),
  'strong-eventual': strongEventual,
  'replicated-counter': replicatedCounter,
  'replicated-set': replicatedSet,
  'replicated-register': replicatedRegister,
  'replicated-map': replicatedMap,
  'strong-list': () => replicatedText({ level: 'strong' }),
  'weak-list': () => replicatedText({ level: 'weak' }),
  bank: () => bank(),
  'long-fork': longFork,
  'causal-reverse': causalReverse,
  monotonic,
  kafka: () => kafka(),
  sequential,
  ...Object.fromEntries(CAUSAL_LEVELS.map((level) => [level, () => causal({ level })])),
  pram,
  'session-guarantees': () => sessionGuarantees(),
  ...Object.fromEntries(
    SESSION_GUARANTEES.map((guarantee) => [guarantee, () => sessionGuarantees([guarantee])]),
  ),
  performance,
  errors,
  vacuity,
  ...Object.fromEntries(BROADCAST_LEVELS.map((level) => [`${level}-broadcast`, () => broadcast({ level })])),
  'list-append': () => listAppend(),
  'rw-register': () => rwRegister(),
};

/** Every checker by the name that the command line knows it by. */
export const CATALOGUE: Readonly<Record<string, CatalogueEntry>> = Object.fromEntries(
  Object.entries(CREATORS).map(([name, create]) => [name, { about: create().about, create }]),
);
