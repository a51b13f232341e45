import { ALL_MONEY, FIRST_ACCOUNT } from '../../../world/bank-accounts.ts';
import type { Invocation } from '../../../world/client.ts';
import { type LogOperation, type MessageLogs, performOnLog } from './message-logs.ts';

type Key = NonNullable<Invocation['key']>;

/** What clients ask of the state machine. */
export interface Operation {
  readonly f: string;
  readonly key: Key | null;
  readonly value: unknown;
}

/** What the state machine says: `fail` means that it refused and nothing changed. */
export type Answer =
  | { readonly type: 'ok'; readonly value: unknown }
  | { readonly type: 'fail'; readonly error: string };

/** `['append', key, value]`, `['w', key, value]` or `['r', key, null]`. */
type MicroOperation = readonly [f: string, key: Key, value: unknown];

interface Transfer {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

/** Registers, sets, lists, counters, queues and logs, each under its key, a bank, and the last id that was given out. */
export interface StateMachine {
  readonly registers: Map<Key | null, unknown>;
  readonly sets: Map<Key | null, Set<unknown>>;
  /** Lists are immutable, so that answers may share them. */
  readonly lists: Map<Key, readonly unknown[]>;
  readonly counters: Map<Key | null, number>;
  readonly queues: Map<Key | null, unknown[]>;
  readonly logs: MessageLogs;
  readonly accounts: Map<number, number>;
  lastId: number;
}

export function emptyStateMachine(): StateMachine {
  return {
    registers: new Map(),
    sets: new Map(),
    lists: new Map(),
    counters: new Map(),
    queues: new Map(),
    logs: new Map(),
    accounts: new Map([[FIRST_ACCOUNT, ALL_MONEY]]),
    lastId: 0,
  };
}

/** Workloads whose functions would be taken for those of a set or a register: `counter-add` is no `add`. */
const AMBIGUOUS: ReadonlySet<string> = new Set(['counter', 'bank', 'likes', 'kafka']);

/** What a client's invocation in a workload asks of the state machine. */
export function operationOf(workload: string, { f, key, value }: Invocation): Operation {
  return { f: AMBIGUOUS.has(workload) ? `${workload}-${f}` : f, key: key ?? null, value };
}

const READS: ReadonlySet<string> = new Set([
  'read',
  'counter-read',
  'bank-read',
  'likes-contains',
  'kafka-assign',
  'kafka-poll',
]);

/** Whether the operation leaves the state alone, so that it need not go through the log. */
export function isReadOnly({ f, value }: Operation): boolean {
  if (f === 'txn') return (value as readonly MicroOperation[]).every(([micro]) => micro === 'r');
  return READS.has(f);
}

/** Performs an operation: deterministic, so that every replica comes to the same state and answer. */
export function perform(machine: StateMachine, { f, key, value }: Operation): Answer {
  switch (f) {
    case 'read':
      return { type: 'ok', value: read(machine, key) };
    case 'write':
      machine.registers.set(key, value);
      return { type: 'ok', value };
    case 'cas': {
      const [from, to] = value as readonly [unknown, unknown];
      if ((machine.registers.get(key) ?? null) !== from) return { type: 'fail', error: 'mismatch' };
      machine.registers.set(key, to);
      return { type: 'ok', value };
    }
    case 'add': {
      const set = machine.sets.get(key);
      if (set === undefined) machine.sets.set(key, new Set([value]));
      else set.add(value);
      return { type: 'ok', value };
    }
    case 'txn':
      return { type: 'ok', value: (value as readonly MicroOperation[]).map((op) => transact(machine, op)) };
    case 'enqueue': {
      const queue = machine.queues.get(key);
      if (queue === undefined) machine.queues.set(key, [value]);
      else queue.push(value);
      return { type: 'ok', value };
    }
    case 'dequeue': {
      const queue = machine.queues.get(key) ?? [];
      return queue.length === 0 ? { type: 'fail', error: 'empty' } : { type: 'ok', value: queue.shift() };
    }
    case 'counter-add':
      machine.counters.set(key, (machine.counters.get(key) ?? 0) + (value as number));
      return { type: 'ok', value };
    case 'counter-read':
      return { type: 'ok', value: machine.counters.get(key) ?? 0 };
    case 'likes-add':
    case 'likes-remove':
    case 'likes-contains':
      return { type: 'ok', value: like(machine, f, key, value) };
    case 'bank-transfer':
      return transfer(machine.accounts, value as Transfer);
    case 'bank-read':
      return { type: 'ok', value: Object.fromEntries(machine.accounts) };
    case 'kafka-assign':
      return { type: 'ok', value };
    case 'kafka-send':
    case 'kafka-poll':
    case 'kafka-txn':
      return {
        type: 'ok',
        value: (value as readonly LogOperation[]).map((operation) => performOnLog(machine.logs, operation)),
      };
    case 'generate':
      return { type: 'ok', value: ++machine.lastId };
    default:
      return { type: 'fail', error: 'unsupported' };
  }
}

/** A register's value (null if never written) or a set's elements; without a key it is the set that is meant. */
function read(machine: StateMachine, key: Key | null): unknown {
  const set = machine.sets.get(key);
  if (set !== undefined) return [...set];
  return key === null ? [] : (machine.registers.get(key) ?? null);
}

/** Whether an addition or removal changed anything, or whether the element is there. */
function like({ sets }: StateMachine, f: string, key: Key | null, user: unknown): boolean {
  const users = sets.get(key) ?? new Set();
  sets.set(key, users);
  const liked = users.has(user);
  if (f === 'likes-add') users.add(user);
  if (f === 'likes-remove') users.delete(user);
  return f === 'likes-add' ? !liked : liked;
}

/** A key names a list or a register, whichever the transactions of a workload write. */
function transact(machine: StateMachine, operation: MicroOperation): MicroOperation {
  const [f, key, value] = operation;
  const list = machine.lists.get(key);
  if (f === 'r') return [f, key, list ?? machine.registers.get(key) ?? null];
  if (f === 'w') machine.registers.set(key, value);
  else machine.lists.set(key, list === undefined ? [value] : [...list, value]);
  return operation;
}

function transfer(accounts: Map<number, number>, value: Transfer): Answer {
  const { from, to, amount } = value;
  const balance = accounts.get(from) ?? 0;
  if (balance < amount) return { type: 'fail', error: 'insufficient' };
  accounts.set(from, balance - amount);
  accounts.set(to, (accounts.get(to) ?? 0) + amount);
  return { type: 'ok', value };
}
