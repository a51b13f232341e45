import type { Query } from '../shared/log-client.ts';
import { performOnce, type Sessions } from '../shared/sessions.ts';
import { type Answer, emptyStateMachine, isReadOnly, perform } from '../shared/state-machine.ts';

/** Of a request that its client has long gone on from, and so waits for no longer. */
const SUPERSEDED: Answer = { type: 'fail', error: 'superseded' };

/**
 * The state, and the table of what was done already: whoever asks again is given the answer that it had. The table changes
 * together with the state and is on the disk together with it: so each request takes effect once.
 */
export class Server {
  private readonly bugs: ReadonlySet<string>;
  private readonly machine = emptyStateMachine();
  private readonly sessions: Sessions<Answer> = new Map();
  /** Every request that was performed, in order. */
  readonly records: Query[] = [];

  constructor(bugs: ReadonlySet<string>) {
    this.bugs = bugs;
  }

  /** What was performed before a crash. */
  restore(query: Query): void {
    // The state comes back, and nobody knows any more what it is made of.
    if (this.bugs.has('dedupe-lost-at-crash')) this.apply(query);
    else this.performOnce(query, () => this.apply(query));
  }

  /** `record` is called before a request is performed that was not performed before. */
  serve(query: Query, record: (query: Query) => void): Answer {
    // What changes nothing may be done as often as one likes.
    if (isReadOnly(query.operation)) return perform(this.machine, query.operation);
    const first = () => {
      record(query);
      return this.apply(query);
    };
    // At least once: each copy that arrives is performed.
    if (this.bugs.has('no-dedupe')) return first();
    return this.performOnce(query, first) ?? SUPERSEDED;
  }

  private performOnce({ client, sequence, operation }: Query, first: () => Answer): Answer | null {
    // Who asks for the same as before is taken for one who asks again.
    if (this.bugs.has('dedupe-by-value'))
      return performOnce(this.sessions, `${client} ${JSON.stringify(operation)}`, 0, first);
    return performOnce(this.sessions, client, sequence, first);
  }

  private apply(query: Query): Answer {
    this.records.push(query);
    return perform(this.machine, query.operation);
  }
}
