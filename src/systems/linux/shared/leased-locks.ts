import type { Completion } from '../../../world/client.ts';
import type { Nanos } from '../../../world/nanos.ts';

/** What a lock guards: a value, and the token of whoever wrote it. */
export interface Resource {
  readonly token: number;
  readonly value: unknown;
}

/** Where locks and what they guard are stored. `Entry` is what a store must know of a lock to give it up again. */
export interface LockStore<Entry> {
  /** Makes the entry of a lock, which goes by itself when the term is over; null where there is one already. */
  take(name: string): Promise<{ readonly token: number; readonly entry: Entry } | null>;
  /** Removes the entry; false where it is there no more. */
  giveUp(name: string, entry: Entry): Promise<boolean>;
  /** What the lock guards, null at first, and a function that replaces just this; false where it has changed since. */
  resource(name: string): Promise<{
    readonly now: Resource | null;
    replace(by: Resource): Promise<boolean>;
  }>;
}

interface Held<Entry> {
  readonly token: number;
  readonly entry: Entry;
  /** When the holder must believe that it is over, ms of its own clock. */
  readonly until: number;
}

/**
 * The client's side of locks with leases and fencing tokens. The holder counts its time from before it asked, the servers
 * from later, so it never believes too long.
 */
export class LeasedLocks<Entry> {
  private readonly store: LockStore<Entry>;
  private readonly term: Nanos;
  private readonly held = new Map<string, Held<Entry>>();

  constructor(store: LockStore<Entry>, term: Nanos) {
    this.store = store;
    this.term = term;
  }

  async acquire(name: string): Promise<Completion> {
    const asked = performance.now();
    const taken = await this.store.take(name);
    if (taken === null) return { type: 'fail', error: 'held' };
    this.held.set(name, { ...taken, until: asked + this.term / 1e6 });
    return { type: 'ok', value: { token: taken.token, lease: this.term } };
  }

  async release(name: string, token: number): Promise<Completion> {
    const held = this.held.get(name);
    this.held.delete(name);
    if (held?.token !== token) return { type: 'fail', error: 'not-held' };
    return (await this.store.giveUp(name, held.entry)) ? { type: 'ok' } : { type: 'fail', error: 'not-held' };
  }

  /** Writes to what the lock guards, which refuses a token that is older than one that it has seen. */
  async write(name: string, { token, value }: TokenedValue): Promise<Completion> {
    const held = this.held.get(name);
    if (held?.token !== token || performance.now() > held.until) return { type: 'fail', error: 'lease-over' };
    for (;;) {
      const { now, replace } = await this.store.resource(name);
      if (now !== null && now.token > token) return { type: 'fail', error: 'fenced' };
      // Else somebody wrote in between, and nothing was done: look again.
      if (await replace({ token, value })) return { type: 'ok', value: { after: now?.token ?? null } };
    }
  }
}

/** What is written to a lock's resource. */
export interface TokenedValue {
  readonly token: number;
  readonly value?: unknown;
}

/** Whether a write is to a lock's resource, not to a register. */
export function isTokened(value: unknown): value is TokenedValue {
  return typeof value === 'object' && value !== null && 'token' in value;
}
