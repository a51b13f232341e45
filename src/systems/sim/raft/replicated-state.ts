import type { Session, Sessions } from '../shared/sessions.ts';
import { type Answer, emptyStateMachine, type StateMachine } from '../shared/state-machine.ts';

/** All that applying log entries changes. */
export interface ReplicatedState {
  readonly machine: StateMachine;
  readonly sessions: Sessions<Answer>;
}

export function emptyState(): ReplicatedState {
  return { machine: emptyStateMachine(), sessions: new Map() };
}

/** The state as JSON text; `dropSessions` is the bug that forgets the dedupe table. */
export function encodeState({ machine, sessions }: ReplicatedState, dropSessions: boolean): string {
  return JSON.stringify({
    registers: [...machine.registers],
    sets: [...machine.sets].map(([key, set]) => [key, [...set]]),
    lists: [...machine.lists],
    sessions: dropSessions ? [] : [...sessions],
  });
}

export function decodeState(text: string): ReplicatedState {
  const { registers, sets, lists, sessions } = JSON.parse(text) as {
    registers: [string | number | null, unknown][];
    sets: [string | number | null, unknown[]][];
    lists: [string | number, unknown[]][];
    sessions: [string, Session<Answer>][];
  };
  const machine: StateMachine = {
    registers: new Map(registers),
    sets: new Map(sets.map(([key, elements]) => [key, new Set(elements)])),
    lists: new Map(lists),
  };
  return { machine, sessions: new Map(sessions) };
}
