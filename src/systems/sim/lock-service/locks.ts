import type { Nanos } from '../../../world/nanos.ts';
import type { StateMachine } from '../shared/multi-paxos/node.ts';
import type { Answer, Operation } from '../shared/state-machine.ts';

/** A lock, and the resource that it guards. */
interface Lock {
  /** The fencing token of the latest acquisition: each gets one more than the one before. */
  token: number;
  held: boolean;
  /** When this replica learnt of the acquisition, by its clock: never before it happened. Not replicated. */
  since: Nanos;
  /** The token of the write that the resource accepted last. */
  written: number;
}

/** A lock whose holder has had it for as long as its lease. */
export interface Overdue {
  readonly key: string;
  readonly token: number;
}

/** Locks with fencing tokens (Burrows, Chubby, 2006, §2.4: sequencers; Gray and Cheriton, Leases, 1989). */
export class Locks implements StateMachine {
  private readonly locks = new Map<string, Lock>();
  private readonly clock: () => Nanos;
  private readonly bugs: ReadonlySet<string>;

  constructor(clock: () => Nanos, bugs: ReadonlySet<string>) {
    this.clock = clock;
    this.bugs = bugs;
  }

  perform({ f, key, value }: Operation): Answer {
    const lock = this.lock(String(key));
    switch (f) {
      case 'acquire':
        return this.acquire(lock);
      case 'release':
        // Whose lease is over holds nothing any more: it must not take the lock away from the next one.
        return free(lock, this.bugs.has('release-without-token') ? lock.token : (value as number));
      case 'expire':
        return free(lock, value as number);
      case 'write':
        return this.write(lock, (value as { readonly token: number }).token);
      default:
        return { type: 'fail', error: 'unsupported' };
    }
  }

  /** Those that this replica knows to have been held for so long. */
  overdue(lease: Nanos): Overdue[] {
    const now = this.clock();
    return [...this.locks]
      .filter(([, { held, since }]) => held && now - since >= lease)
      .map(([key, { token }]) => ({ key, token }));
  }

  private acquire(lock: Lock): Answer {
    if (lock.held) return { type: 'fail', error: 'held' };
    lock.held = true;
    lock.token++;
    lock.since = this.clock();
    return { type: 'ok', value: lock.token };
  }

  /** A write to the resource, which knows nothing of leases: it only never goes back to an older token. */
  private write(lock: Lock, token: number): Answer {
    const after = lock.written;
    // A holder may believe in its lease when that is over, or its request may have been on its way for long.
    if (token < after && !this.bugs.has('no-fencing')) return { type: 'fail', error: 'fenced' };
    lock.written = token;
    return { type: 'ok', value: { after } };
  }

  private lock(key: string): Lock {
    let lock = this.locks.get(key);
    if (lock === undefined) {
      lock = { token: 0, held: false, since: 0, written: 0 };
      this.locks.set(key, lock);
    }
    return lock;
  }
}

/** Ends the acquisition that has this token. */
function free(lock: Lock, token: number): Answer {
  if (!lock.held || lock.token !== token) return { type: 'fail', error: 'not-held' };
  lock.held = false;
  return { type: 'ok', value: null };
}
