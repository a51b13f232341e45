import type { Invocation } from '../../../world/client.ts';

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

/** `['append', key, value]` or `['r', key, null]`. */
type MicroOperation = readonly [f: string, key: Key, value: unknown];

/** Registers, sets and lists, each under its key. */
export interface StateMachine {
  readonly registers: Map<Key | null, unknown>;
  readonly sets: Map<Key | null, Set<unknown>>;
  /** Lists are immutable, so that answers may share them. */
  readonly lists: Map<Key, readonly unknown[]>;
}

export function emptyStateMachine(): StateMachine {
  return { registers: new Map(), sets: new Map(), lists: new Map() };
}

/** Whether the operation leaves the state alone, so that it need not go through the log. */
export function isReadOnly({ f, value }: Operation): boolean {
  if (f === 'txn') return (value as readonly MicroOperation[]).every(([micro]) => micro === 'r');
  return f === 'read';
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

function transact(machine: StateMachine, operation: MicroOperation): MicroOperation {
  const [f, key, value] = operation;
  const list = machine.lists.get(key);
  if (f === 'r') return [f, key, list ?? null];
  machine.lists.set(key, list === undefined ? [value] : [...list, value]);
  return operation;
}
