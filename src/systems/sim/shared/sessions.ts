/** The answer to a client's latest performed request. */
export interface Session<A> {
  readonly sequence: number;
  readonly answer: A;
}

/**
 * The dedupe table (Ongaro 2014, §6.3): part of the replicated state, since a retried request may reach another leader.
 * A client has one request at a time, so its latest answer is all that it can ask for again. Sessions never expire.
 */
export type Sessions<A> = Map<string, Session<A>>;

/** Performs a client's request unless it was performed before; null when that client has long gone on. */
export function performOnce<A>(
  sessions: Sessions<A>,
  client: string,
  sequence: number,
  perform: () => A,
): A | null {
  const session = sessions.get(client);
  if (session !== undefined && sequence <= session.sequence)
    return sequence === session.sequence ? session.answer : null;
  const answer = perform();
  sessions.set(client, { sequence, answer });
  return answer;
}
