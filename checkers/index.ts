export { type AtomicCommitOptions, atomicCommit } from './atomic-commit/atomic-commit.ts';
export { type AvailabilityOptions, availability } from './availability.ts';
export { type BankOptions, bank } from './bank.ts';
export { type BroadcastOptions, broadcast } from './broadcast/broadcast.ts';
export { BROADCAST_LADDER, BROADCAST_LEVELS, type BroadcastLevel, type Rung } from './broadcast/levels.ts';
export { CATALOGUE, type CatalogueEntry } from './catalogue.ts';
export { type CausalLevel, causal, pram } from './causal/causal.ts';
export { type SessionGuarantee, sessionGuarantees } from './causal/session-guarantees.ts';
export { causalReverse } from './causal-reverse.ts';
export {
  type Anomaly,
  type Budget,
  type Checker,
  type CheckOptions,
  DEFAULT_BUDGET,
  type OnlineChecker,
  type Validity,
  type Verdict,
} from './checker.ts';
export { type ClockRules, clock, NTP_RULES } from './clock/clock.ts';
export { type ClockConditionOptions, clockCondition } from './clock-condition/clock-condition.ts';
export { compose, runChecker, runCheckers, together } from './compose.ts';
export { type ConsensusOptions, consensus } from './consensus.ts';
export { convergence } from './convergence.ts';
export { counter } from './counter.ts';
export { type ErrorGroup, errors } from './errors.ts';
export { byzantineAgreement } from './generals/byzantine-agreement.ts';
export { coordinatedAttack } from './generals/coordinated-attack.ts';
export { ANOMALIES, type AnomalyName } from './glossary/anomalies.ts';
export { OBJECT_MODELS, type ObjectModel, type ObjectModelName } from './glossary/object-models.ts';
export { TRANSACTION_MODELS } from './glossary/transaction-models.ts';
export { type KafkaOptions, kafka } from './kafka/kafka.ts';
export { type LinearizableOptions, linearizable } from './linearizable/linearizable.ts';
export type { Model, ModelOperation } from './linearizable/model.ts';
export { queueModel, stackModel } from './linearizable/models/containers.ts';
export { counterModel } from './linearizable/models/counter.ts';
export { keyValueModel } from './linearizable/models/key-value.ts';
export { mutexModel, semaphoreModel } from './linearizable/models/lock.ts';
export { multiRegisterModel } from './linearizable/models/multi-register.ts';
export { MODEL_NAMES, type ModelName } from './linearizable/models/named.ts';
export { setModel } from './linearizable/models/set.ts';
export { type LockOptions, lock } from './lock.ts';
export { longFork } from './long-fork.ts';
export { measured } from './measured.ts';
export { monotonic } from './monotonic.ts';
export { type Performance, type PhaseSummary, performance, type Timeline } from './performance.ts';
export { pnCounter } from './pn-counter.ts';
export type { Quantiles } from './quantiles.ts';
export { queue } from './queue.ts';
export type { Recovery } from './recovery.ts';
export { regular } from './regular.ts';
export { replicatedCounter } from './replicated/counter.ts';
export type { ListLevel } from './replicated/list-order.ts';
export { replicatedRegister } from './replicated/register.ts';
export { replicatedMap, replicatedSet } from './replicated/set.ts';
export { replicatedText } from './replicated/text.ts';
export { sequential } from './sequential/sequential.ts';
export { set } from './set.ts';
export { type SetFullOptions, setFull } from './set-full.ts';
export { stats } from './stats.ts';
export { strongEventual } from './strong-eventual.ts';
export { type Suited, suitedTo } from './suited.ts';
export { type TotalQueueOptions, totalQueue } from './total-queue.ts';
export { type ListAppendOptions, listAppend } from './transactions/list-append.ts';
export {
  CONSISTENCY_MODELS,
  type ConsistencyModel,
  MODEL_ALIASES,
} from './transactions/models.ts';
export { type RwRegisterOptions, rwRegister } from './transactions/rw-register.ts';
export { type SerializableOptions, serializable } from './transactions/serializable.ts';
export { uniqueIds } from './unique-ids.ts';
export { vacuity } from './vacuity.ts';
