import type { Txn } from './messages.ts';

interface Request {
  readonly txn: Txn;
  readonly age: string;
  readonly key: string;
  readonly exclusive: boolean;
  readonly granted: (granted: boolean) => void;
}

/** Holders of one key, each with whether it holds it alone. */
type Holders = Map<Txn, boolean>;

/**
 * A leader's lock table (Corbett et al. 2012, §4.2.1), by wound-wait (Rosenkrantz, Stearns and Lewis 1978): an older
 * transaction takes a lock from a younger one, which is aborted; a younger waits for an older. So nobody waits in a circle.
 */
export class Locks {
  private readonly holders = new Map<string, Holders>();
  private readonly ages = new Map<Txn, string>();
  /** Those that can't be wounded any more: they are about to commit. */
  private readonly committing = new Set<Txn>();
  private waiting: Request[] = [];

  /** Locks a key, now or later; `granted` hears false when the transaction is aborted first. */
  request(request: Request): void {
    this.ages.set(request.txn, request.age);
    this.waiting.push(request);
    this.serve();
  }

  holds(txn: Txn, key: string, exclusive: boolean): boolean {
    const own = this.holders.get(key)?.get(txn);
    return own !== undefined && (own || !exclusive);
  }

  /** From now on nobody takes its locks away. */
  commits(txn: Txn): void {
    this.committing.add(txn);
  }

  isCommitting(txn: Txn): boolean {
    return this.committing.has(txn);
  }

  /** Locks for a transaction that an earlier leader has prepared. */
  restore(txn: Txn, keys: Iterable<readonly [key: string, exclusive: boolean]>): void {
    this.committing.add(txn);
    for (const [key, exclusive] of keys) this.holdersOf(key).set(txn, exclusive);
  }

  /** Frees what the transaction has locked or waits for. */
  release(txn: Txn): void {
    this.drop(txn);
    this.serve();
  }

  /** Frees everything: this node leads no longer. */
  clear(): void {
    const waiting = this.waiting;
    this.waiting = [];
    this.holders.clear();
    this.committing.clear();
    this.ages.clear();
    for (const { granted } of waiting) granted(false);
  }

  /** The transactions that hold or want something and are not about to commit. */
  active(): Txn[] {
    return [...this.ages.keys()].filter((txn) => !this.committing.has(txn));
  }

  private drop(txn: Txn): void {
    this.ages.delete(txn);
    this.committing.delete(txn);
    for (const holders of this.holders.values()) holders.delete(txn);
    const own = this.waiting.filter((request) => request.txn === txn);
    this.waiting = this.waiting.filter((request) => request.txn !== txn);
    for (const { granted } of own) granted(false);
  }

  /** Grants what can be granted, the oldest first. */
  private serve(): void {
    const queue = this.waiting.slice().sort((a, b) => (a.age < b.age ? -1 : 1));
    for (const request of queue) {
      if (!this.waiting.includes(request)) continue;
      const rivals = this.rivalsOf(request);
      for (const rival of rivals) if (this.mayWound(request, rival)) this.drop(rival);
      if (this.rivalsOf(request).length > 0) continue;
      this.waiting = this.waiting.filter((other) => other !== request);
      const holders = this.holdersOf(request.key);
      holders.set(request.txn, request.exclusive || holders.get(request.txn) === true);
      request.granted(true);
    }
  }

  private rivalsOf({ txn, key, exclusive }: Request): Txn[] {
    const others = [...this.holdersOf(key)].filter(([holder]) => holder !== txn);
    return others.filter(([, alone]) => alone || exclusive).map(([holder]) => holder);
  }

  private mayWound({ age }: Request, rival: Txn): boolean {
    const other = this.ages.get(rival);
    return other !== undefined && age < other && !this.committing.has(rival);
  }

  private holdersOf(key: string): Holders {
    let holders = this.holders.get(key);
    if (holders === undefined) this.holders.set(key, (holders = new Map()));
    return holders;
  }
}
