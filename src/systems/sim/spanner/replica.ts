import type { Nanos } from '../../../world/nanos.ts';
import type { StateMachine } from '../shared/multi-paxos/node.ts';
import type { Answer, Operation } from '../shared/state-machine.ts';
import type { Entry, Group, Outcome, Part, Txn } from './messages.ts';

/** A transaction that is prepared, or decided, and has not taken effect here. */
export interface Open {
  readonly part: Part | null;
  readonly coordinator: Group;
  /** It takes effect at this time or later. */
  readonly ts: Nanos;
}

/** What the coordinator's group has decided, until everybody knows. */
export interface Decided {
  readonly outcome: Outcome;
  readonly participants: readonly Group[];
}

interface Version {
  readonly ts: Nanos;
  readonly value: unknown;
}

/** The state of one group, the same on each of its replicas after the same entries of its log. */
export class Replica implements StateMachine {
  readonly open = new Map<Txn, Open>();
  readonly decided = new Map<Txn, Decided>();
  /** Those that have taken effect here, or never will. */
  readonly finished = new Set<Txn>();
  /** The time of the last entry: t_safe of Paxos (Corbett et al. 2012, §4.1.3). */
  last: Nanos = 0;
  private readonly versions = new Map<string, Version[]>();
  private readonly group: Group;
  private readonly first: ReadonlyMap<string, unknown>;
  private readonly applied: (entry: Entry) => void;

  /** `first`: what keys hold that were never written; `applied` hears of each entry that has taken effect. */
  constructor(group: Group, first: ReadonlyMap<string, unknown>, applied: (entry: Entry) => void) {
    this.group = group;
    this.first = first;
    this.applied = applied;
  }

  perform({ value }: Operation): Answer {
    const entry = value as Entry;
    this.apply(entry);
    this.applied(entry);
    return { type: 'ok', value: null };
  }

  /** Whether this replica has all that a read at `t` must see: t ≤ min(t_safe of Paxos, t_safe of the transactions) (§4.1.3). */
  isSafe(t: Nanos): boolean {
    if (this.last < t) return false;
    for (const { ts } of this.open.values()) if (ts <= t) return false;
    return true;
  }

  /** The latest version at `t` or before. */
  read(key: string, t: Nanos = Number.POSITIVE_INFINITY): unknown {
    const versions = this.versions.get(key) ?? [];
    return versions.findLast(({ ts }) => ts <= t)?.value ?? this.first.get(key) ?? null;
  }

  /** Every key that ever had a value here. */
  keys(): string[] {
    return [...new Set([...this.first.keys(), ...this.versions.keys()])];
  }

  private apply(entry: Entry): void {
    switch (entry.f) {
      case 'prepare':
        this.advance(entry.ts);
        if (!this.finished.has(entry.txn)) this.open.set(entry.txn, entry);
        break;
      case 'decide':
        this.decide(entry);
        break;
      case 'finish':
        this.finish(entry.txn, entry.outcome);
        break;
      case 'end':
        this.decided.delete(entry.txn);
        break;
      case 'tick':
        this.advance(entry.ts);
        break;
    }
  }

  /** The first decision holds: another leader may have decided before. */
  private decide({ txn, part, participants, outcome }: Extract<Entry, { f: 'decide' }>): void {
    if (this.decided.has(txn)) return;
    this.decided.set(txn, { outcome, participants });
    if (outcome === 'abort') return;
    this.open.set(txn, { part, coordinator: this.group, ts: outcome });
    this.advance(outcome);
  }

  private finish(txn: Txn, outcome: Outcome): void {
    const open = this.open.get(txn);
    this.open.delete(txn);
    this.finished.add(txn);
    if (outcome === 'abort') return;
    this.advance(outcome);
    for (const [key, value] of open?.part?.writes ?? []) {
      const versions = this.versions.get(key);
      if (versions === undefined) this.versions.set(key, [{ ts: outcome, value }]);
      else versions.push({ ts: outcome, value });
    }
  }

  private advance(ts: Nanos): void {
    this.last = Math.max(this.last, ts);
  }
}
