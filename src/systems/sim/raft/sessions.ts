import { type Answer, type Operation, perform, type StateMachine } from './state-machine.ts';

/** The answer to a client's latest applied request. */
export interface Session {
  readonly sequence: number;
  readonly answer: Answer;
}

/**
 * The dedupe table (Ongaro 2014, §6.3): part of the replicated state, since a retried request may reach another leader.
 * A client has one request at a time, so its latest answer is all that it can ask for again. Sessions never expire.
 */
export type Sessions = Map<string, Session>;

/** Performs a client's request unless it was performed before; null when that client has long gone on. */
export function performOnce(
  machine: StateMachine,
  sessions: Sessions,
  client: string,
  sequence: number,
  operation: Operation,
): Answer | null {
  const session = sessions.get(client);
  if (session !== undefined && sequence <= session.sequence)
    return sequence === session.sequence ? session.answer : null;
  const answer = perform(machine, operation);
  sessions.set(client, { sequence, answer });
  return answer;
}
