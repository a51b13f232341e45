import type { AnomalyKind } from './anomalies.ts';
import type { Chains } from './chains.ts';
import { READ, type Transactions } from './micro-operations.ts';
import { type ReadsFrom, sourceTxn } from './reads-from.ts';
import type { Steps } from './steps.ts';

/**
 * A weak model: whenever a read of a key sees version `t1` although its transaction had seen `t2`, which wrote the key
 * too, `t2` comes before `t1`. The models differ in what a transaction counts as having seen, and in the order.
 */
export interface WeakModel {
  readonly kind: AnomalyKind;
  /**
   * `commits`: one order of all commits, after what was read (Biswas and Enea 2019, section 2). `session-commits`: that,
   * and after what the session did before. `versions`: for each session an order of the versions of each key, which
   * keeps what one session wrote in turn and what the reading session had read before it wrote (Terry et al. 1994).
   * `written-versions`, `followed-versions`: the first, or the second of any session, even where the order is known.
   */
  readonly order: 'commits' | 'session-commits' | 'versions' | 'written-versions' | 'followed-versions';
  /** Through what a transaction was seen, for the explanation. */
  readonly through: { readonly reads: boolean; readonly session: boolean };
  /** Calls `see` for each transaction that the transaction of read `o` saw before it read. */
  seen(views: Views, o: number, see: (t: number) => void): void;
}

const READS = { reads: true, session: false };
const SESSION = { reads: false, session: true };
const BOTH = { reads: true, session: true };

/** The models with one order of commits, the weaker ones first. */
export const COMMIT_MODELS: readonly WeakModel[] = [
  {
    kind: 'observed-transaction-vanishes',
    order: 'commits',
    through: READS,
    seen: (views, o, see) => views.sourcesBefore(o, see),
  },
  {
    kind: 'fractured-read',
    order: 'commits',
    through: READS,
    seen: (views, o, see) => views.sources(views.txn(o), see),
  },
  {
    kind: 'causality-violation',
    order: 'commits',
    through: READS,
    seen: (views, o, see) => views.ancestors(views.txn(o), false, see),
  },
  {
    kind: 'observed-transaction-vanishes-process',
    order: 'session-commits',
    through: READS,
    seen: (views, o, see) => views.sourcesBefore(o, see),
  },
  {
    kind: 'fractured-read-process',
    order: 'session-commits',
    through: BOTH,
    seen: (views, o, see) => {
      views.sources(views.txn(o), see);
      views.earlier(views.txn(o), see);
    },
  },
  {
    kind: 'causality-violation-process',
    order: 'session-commits',
    through: BOTH,
    seen: (views, o, see) => views.ancestors(views.txn(o), true, see),
  },
];

/** The session guarantees. */
export const SESSION_MODELS: readonly WeakModel[] = [
  {
    kind: 'read-your-writes-violation',
    order: 'versions',
    through: SESSION,
    seen: (views, o, see) => views.earlier(views.txn(o), see),
  },
  {
    kind: 'monotonic-reads-violation',
    order: 'versions',
    through: BOTH,
    seen: (views, o, see) => views.earlier(views.txn(o), (t) => views.sources(t, see)),
  },
  {
    kind: 'monotonic-writes-violation',
    order: 'written-versions',
    through: BOTH,
    seen: (views, o, see) => views.read(views.txn(o), (t) => views.earlier(t, see)),
  },
  {
    kind: 'writes-follow-reads-violation',
    order: 'followed-versions',
    through: BOTH,
    seen: (views, o, see) => views.read(views.txn(o), (t) => views.read(t, see)),
  },
];

/** What transactions read from and what their sessions did before, straight from the columns. */
export class Views {
  private readonly txns: Transactions;
  private readonly readsFrom: ReadsFrom;
  private readonly chains: Chains;
  private readonly steps: Steps;

  /** Once the steps are used up, everything shows less than it should. */
  constructor(txns: Transactions, readsFrom: ReadsFrom, chains: Chains, steps: Steps) {
    this.txns = txns;
    this.readsFrom = readsFrom;
    this.chains = chains;
    this.steps = steps;
  }

  txn(o: number): number {
    return this.txns.opTxn[o]!;
  }

  /** The transactions that `t` read from. */
  sources(t: number, see: (t: number) => void): void {
    this.sourcesBefore(this.txns.firstOp[t + 1]!, see, t);
  }

  /** The transactions that the transaction of `o` read from before `o`. */
  sourcesBefore(o: number, see: (t: number) => void, t = this.txn(o)): void {
    this.steps.spend(1);
    for (let p = this.txns.firstOp[t]!; p < o; p++) {
      if (this.txns.opKind[p] !== READ) continue;
      const source = sourceTxn(this.txns, this.readsFrom, p);
      if (source >= 0) see(source);
    }
  }

  /** The transactions that `t` and those before it in its session read from. */
  read(t: number, see: (t: number) => void): void {
    this.sources(t, see);
    this.earlier(t, (u) => this.sources(u, see));
  }

  /** The committed transactions of the same session before `t`. */
  earlier(t: number, see: (t: number) => void): void {
    const { chain, place, first, members } = this.chains;
    for (let i = place[t]! - 2; i >= 0 && !this.steps.exhausted; i--) {
      this.steps.spend(1);
      see(members[first[chain[t]!]! + i]!);
    }
  }

  /** All that happened before `t` by reads-from, and by session order if asked. */
  ancestors(t: number, session: boolean, see: (t: number) => void): void {
    const seen = new Set<number>();
    const open: number[] = [t];
    const visit = (u: number) => {
      if (seen.has(u)) return;
      seen.add(u);
      open.push(u);
      see(u);
    };
    while (open.length > 0 && !this.steps.exhausted) {
      const u = open.pop()!;
      this.sources(u, visit);
      const place = this.chains.place[u]!;
      if (session && place > 1)
        visit(this.chains.members[this.chains.first[this.chains.chain[u]!]! + place - 2]!);
    }
  }
}
