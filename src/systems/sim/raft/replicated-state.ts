import type { Session, Sessions } from '../shared/sessions.ts';
import { type Answer, emptyStateMachine, type StateMachine } from '../shared/state-machine.ts';
import { stateMachineData, stateMachineFrom } from '../shared/state-machine-data.ts';

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
    ...stateMachineData(machine),
    sessions: dropSessions ? [] : [...sessions],
  });
}

export function decodeState(text: string): ReplicatedState {
  const data = JSON.parse(text) as { readonly sessions: [string, Session<Answer>][] };
  return { machine: stateMachineFrom(data), sessions: new Map(data.sessions) };
}
