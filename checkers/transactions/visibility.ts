import type { AnomalyKind } from './anomalies.ts';
import type { Chains } from './chains.ts';
import { READ, type Transactions } from './micro-operations.ts';
import { type ReadsFrom, sourceTxn } from './reads-from.ts';
import type { Steps } from './steps.ts';

/**
 * The weak models as one scheme (Biswas and Enea 2019, section 2; the session guarantees after Terry et al. 1994): there
 * is an order of commits that contains the model's own edges, and whenever a read of a key sees version `t1` although
 * its transaction saw `t2`, which wrote the key too, `t2` was committed before `t1`. The models differ in what a
 * transaction counts as having seen, and in what the order of commits must respect.
 */
export interface WeakModel {
  readonly kind: AnomalyKind;
  /** Of the session order, the commits must respect: all, that among writers, that after what was read, or nothing. */
  readonly session: 'all' | 'writes' | 'reads-then-writes' | 'none';
  /** Through what a transaction was seen, for the explanation. */
  readonly through: { readonly reads: boolean; readonly session: boolean };
  /** Calls `see` for each transaction that the transaction of read `o` saw before it read. */
  seen(views: Views, o: number, see: (t: number) => void): void;
}

export const WEAK_MODELS: readonly WeakModel[] = [
  {
    kind: 'observed-transaction-vanishes',
    session: 'none',
    through: { reads: true, session: false },
    seen: (views, o, see) => views.sourcesBefore(o, see),
  },
  {
    kind: 'fractured-read',
    session: 'none',
    through: { reads: true, session: false },
    seen: (views, o, see) => views.sources(views.txn(o), see),
  },
  {
    kind: 'causality-violation',
    session: 'none',
    through: { reads: true, session: false },
    seen: (views, o, see) => views.ancestors(views.txn(o), false, see),
  },
  {
    kind: 'read-your-writes-violation',
    session: 'none',
    through: { reads: false, session: true },
    seen: (views, o, see) => views.earlier(views.txn(o), see),
  },
  {
    kind: 'monotonic-reads-violation',
    session: 'none',
    through: { reads: true, session: true },
    seen: (views, o, see) => views.earlier(views.txn(o), (t) => views.sources(t, see)),
  },
  {
    kind: 'monotonic-writes-violation',
    session: 'writes',
    through: { reads: true, session: true },
    seen: (views, o, see) => views.sources(views.txn(o), (t) => views.earlier(t, see)),
  },
  {
    kind: 'writes-follow-reads-violation',
    session: 'reads-then-writes',
    through: { reads: true, session: true },
    seen: (views, o, see) =>
      views.sources(views.txn(o), (t) => {
        views.sources(t, see);
        views.earlier(t, (u) => views.sources(u, see));
      }),
  },
  {
    kind: 'observed-transaction-vanishes-process',
    session: 'all',
    through: { reads: true, session: false },
    seen: (views, o, see) => views.sourcesBefore(o, see),
  },
  {
    kind: 'fractured-read-process',
    session: 'all',
    through: { reads: true, session: true },
    seen: (views, o, see) => {
      views.sources(views.txn(o), see);
      views.earlier(views.txn(o), see);
    },
  },
  {
    kind: 'PRAM-violation',
    session: 'all',
    through: { reads: true, session: true },
    seen: (views, o, see) => {
      const withPredecessors = (t: number) => {
        see(t);
        views.earlier(t, see);
      };
      views.sources(views.txn(o), withPredecessors);
      views.earlier(views.txn(o), (t) => {
        see(t);
        views.sources(t, withPredecessors);
      });
    },
  },
  {
    kind: 'causality-violation-process',
    session: 'all',
    through: { reads: true, session: true },
    seen: (views, o, see) => views.ancestors(views.txn(o), true, see),
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
