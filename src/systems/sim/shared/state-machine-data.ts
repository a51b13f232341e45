import type { StateMachine } from './state-machine.ts';

/** A state machine as plain JSON data, for a snapshot. */
export function stateMachineData(machine: StateMachine): Record<string, unknown> {
  return {
    registers: [...machine.registers],
    sets: [...machine.sets].map(([key, set]) => [key, [...set]]),
    lists: [...machine.lists],
    counters: [...machine.counters],
    queues: [...machine.queues],
    logs: [...machine.logs],
    accounts: [...machine.accounts],
    lastId: machine.lastId,
  };
}

type Entries<M> = M extends ReadonlyMap<infer K, infer V> ? [K, V][] : never;

interface Data {
  readonly registers: Entries<StateMachine['registers']>;
  readonly sets: [string | number | null, unknown[]][];
  readonly lists: Entries<StateMachine['lists']>;
  readonly counters: Entries<StateMachine['counters']>;
  readonly queues: Entries<StateMachine['queues']>;
  readonly logs: Entries<StateMachine['logs']>;
  readonly accounts: Entries<StateMachine['accounts']>;
  readonly lastId: number;
}

/** Takes what `stateMachineData` made. */
export function stateMachineFrom(data: unknown): StateMachine {
  const { registers, sets, lists, counters, queues, logs, accounts, lastId } = data as Data;
  return {
    registers: new Map(registers),
    sets: new Map(sets.map(([key, elements]) => [key, new Set(elements)])),
    lists: new Map(lists),
    counters: new Map(counters),
    queues: new Map(queues),
    logs: new Map(logs),
    accounts: new Map(accounts),
    lastId,
  };
}
