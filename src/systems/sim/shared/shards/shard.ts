import type { NodeId } from '../../../../faults/fault.ts';
import { shardOf, type Work } from './transfers.ts';

/** What every account holds at first. */
const FIRST_BALANCE = 100;

/** Who has locked an account: one transaction that changes it, or some that read it. */
interface Locks {
  writer: Work['txn'] | null;
  readonly readers: Set<Work['txn']>;
}

/** The balances of some accounts. */
export type Balances = Readonly<Record<string, number>>;

/**
 * The accounts that one node keeps, under strict two-phase locking (Eswaran et al. 1976): what a transaction has locked
 * stays so until its end is known. Nobody waits for a lock, so nobody waits in a circle.
 */
export class Shard {
  private readonly node: NodeId;
  private readonly balances = new Map<string, number>();
  private readonly locks = new Map<string, Locks>();
  private readonly prepared = new Map<Work['txn'], Work>();

  constructor(node: NodeId) {
    this.node = node;
  }

  /** Locks what the transaction touches here; false, and nothing locked, when that is taken, or the money isn't there. */
  prepare(work: Work): boolean {
    const accounts = this.accountsOf(work);
    const write = work.f === 'transfer';
    if (accounts.some((account) => this.isTaken(account, write))) return false;
    if (work.f === 'transfer' && shardOf(work.from) === this.node && this.balance(work.from) < work.amount)
      return false;
    for (const account of accounts) {
      const locks = this.locksOf(account);
      if (write) locks.writer = work.txn;
      else locks.readers.add(work.txn);
    }
    this.prepared.set(work.txn, work);
    return true;
  }

  /** What a read that is prepared here finds. */
  read(work: Work): Balances {
    return Object.fromEntries(this.accountsOf(work).map((account) => [account, this.balance(account)]));
  }

  /** Does this shard's part of a prepared transaction, and unlocks. */
  commit(txn: Work['txn']): void {
    const work = this.prepared.get(txn);
    if (work === undefined) return;
    if (work.f === 'transfer') {
      this.add(work.from, -work.amount);
      this.add(work.to, work.amount);
    }
    this.release(work);
  }

  /** Unlocks what a prepared transaction has locked. */
  abort(txn: Work['txn']): void {
    const work = this.prepared.get(txn);
    if (work !== undefined) this.release(work);
  }

  private release(work: Work): void {
    this.prepared.delete(work.txn);
    for (const account of this.accountsOf(work)) {
      const locks = this.locksOf(account);
      if (locks.writer === work.txn) locks.writer = null;
      locks.readers.delete(work.txn);
    }
  }

  private accountsOf(work: Work): readonly string[] {
    const accounts = work.f === 'read' ? work.accounts : [work.from, work.to];
    return accounts.filter((account) => shardOf(account) === this.node);
  }

  private isTaken(account: string, write: boolean): boolean {
    const { writer, readers } = this.locksOf(account);
    return writer !== null || (write && readers.size > 0);
  }

  private locksOf(account: string): Locks {
    let locks = this.locks.get(account);
    if (locks === undefined) this.locks.set(account, (locks = { writer: null, readers: new Set() }));
    return locks;
  }

  private balance(account: string): number {
    return this.balances.get(account) ?? FIRST_BALANCE;
  }

  private add(account: string, amount: number): void {
    if (shardOf(account) === this.node) this.balances.set(account, this.balance(account) + amount);
  }
}
