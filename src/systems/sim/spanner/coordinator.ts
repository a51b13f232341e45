import type { Nanos } from '../../../world/nanos.ts';
import type { RequestId } from '../../../world/node-program.ts';
import type { GroupProgram } from './group.ts';
import type { Group, Outcome, Part, Txn } from './messages.ts';

/** A transaction whose participants are being asked. */
interface Collecting {
  readonly own: Part;
  readonly others: readonly Part[];
  readonly prepared: Map<Group, Nanos>;
  readonly since: Nanos;
}

/** The leader of a group as the coordinator of two-phase commit among the leaders of groups (§4.2.1). */
export class Coordinator {
  private readonly group: GroupProgram;
  private readonly collecting = new Map<Txn, Collecting>();
  /** Clients that wait for an outcome. */
  private readonly requests = new Map<Txn, RequestId>();
  /** Who knows the outcome. */
  private readonly finished = new Map<Txn, Set<Group>>();

  constructor(group: GroupProgram) {
    this.group = group;
  }

  /** A client wants to commit; the first part is this group's. */
  begin(request: RequestId, txn: Txn, [own, ...others]: readonly Part[]): void {
    const { group } = this;
    if (own === undefined || !group.holds(txn, own)) {
      group.free(txn);
      group.reply(request, { type: 'aborted' });
      return;
    }
    group.locks.commits(txn);
    this.requests.set(txn, request);
    this.collecting.set(txn, { own, others, prepared: new Map(), since: group.monotonic });
    this.goOn(txn);
  }

  /** A participant has prepared, or can't. */
  onPrepared(txn: Txn, by: Group, ts: Nanos | null): void {
    const collecting = this.collecting.get(txn);
    if (collecting === undefined) return;
    if (ts === null) {
      this.decide(txn, 'abort');
      return;
    }
    collecting.prepared.set(by, ts);
    this.goOn(txn);
  }

  /** The decision is in the log. */
  onDecided(txn: Txn): void {
    const outcome = this.group.replica.decided.get(txn)?.outcome;
    this.collecting.delete(txn);
    if (outcome === 'abort') this.tellOutcome(txn, outcome);
    else if (outcome !== undefined) this.waitOut(txn, outcome);
  }

  onWaited(txn: Txn): void {
    this.onDecided(txn);
  }

  /** The outcome has taken effect in this group. */
  onEffect(txn: Txn): void {
    this.endIfAllKnow(txn);
  }

  onFinished(txn: Txn, by: Group): void {
    const known = this.finished.get(txn) ?? new Set();
    this.finished.set(txn, known.add(by));
    this.endIfAllKnow(txn);
  }

  /** A participant is in doubt. What no earlier leader has decided, nobody will: it is aborted. */
  onInquiry(txn: Txn, by: Group): void {
    const { group } = this;
    const decided = group.replica.decided.get(txn);
    if (decided === undefined) {
      if (!this.collecting.has(txn))
        group.propose(`decide ${txn}`, {
          f: 'decide',
          txn,
          part: null,
          participants: [by],
          outcome: 'abort',
        });
    } else if (this.mayTell(decided.outcome)) {
      group.tell({ type: 'outcome', group: by, txn, by: group.group, outcome: decided.outcome });
    }
  }

  /** Asks again, tells again, gives up. */
  look(): void {
    const { group } = this;
    for (const [txn, { since }] of this.collecting) {
      if (group.monotonic - since > group.surroundings.settings['vote-timeout']) this.decide(txn, 'abort');
      else this.goOn(txn);
    }
    for (const txn of group.replica.decided.keys()) this.onDecided(txn);
  }

  /** This node leads no longer: what it was asked may yet come about. */
  resign(): void {
    this.collecting.clear();
    this.finished.clear();
    for (const request of this.requests.values()) this.group.reply(request, { type: 'unknown' });
    this.requests.clear();
  }

  /** Asks who has not prepared, or decides if all have. */
  private goOn(txn: Txn): void {
    const { group } = this;
    const { others, prepared } = this.collecting.get(txn)!;
    const missing = others.filter((part) => !prepared.has(part.group));
    for (const part of missing)
      group.tell({ type: 'ask-prepare', group: part.group, txn, part, by: group.group });
    if (missing.length > 0 || group.isUnderWay(`decide ${txn}`)) return;
    // Later than any time at which a participant has prepared, and than any at which it may be now (§4.1.2: start).
    const ts = group.assign(Math.max(group.surroundings.time.latest(), ...prepared.values()));
    this.decide(txn, ts);
  }

  private decide(txn: Txn, outcome: Outcome): void {
    const { own, others } = this.collecting.get(txn)!;
    const participants = others.map((part) => part.group);
    this.group.propose(`decide ${txn}`, { f: 'decide', txn, part: own, participants, outcome });
  }

  /** Commit wait: nobody sees it, and its client hears nothing, before its time has surely passed (§4.1.2). */
  private waitOut(txn: Txn, outcome: Nanos): void {
    const { group } = this;
    if (this.mayTell(outcome)) this.tellOutcome(txn, outcome);
    else group.wakeIn(txn, Math.max(1, outcome - group.surroundings.time.earliest() + 1));
  }

  private mayTell(outcome: Outcome): boolean {
    const { time, bugs } = this.group.surroundings;
    return outcome === 'abort' || time.after(outcome) || bugs.has('no-commit-wait');
  }

  private tellOutcome(txn: Txn, outcome: Outcome): void {
    const { group } = this;
    const request = this.requests.get(txn);
    this.requests.delete(txn);
    if (request !== undefined)
      group.reply(request, outcome === 'abort' ? { type: 'aborted' } : { type: 'committed' });
    if (group.replica.open.has(txn)) group.propose(`finish ${txn}`, { f: 'finish', txn, outcome });
    else if (outcome === 'abort') group.free(txn);
    for (const to of group.replica.decided.get(txn)?.participants ?? [])
      if (this.finished.get(txn)?.has(to) !== true)
        group.tell({ type: 'outcome', group: to, txn, by: group.group, outcome });
    this.endIfAllKnow(txn);
  }

  private endIfAllKnow(txn: Txn): void {
    const { replica } = this.group;
    const decided = replica.decided.get(txn);
    if (decided === undefined || replica.open.has(txn)) return;
    const known = this.finished.get(txn);
    if (!decided.participants.every((group) => known?.has(group) === true)) return;
    this.group.propose(`end ${txn}`, { f: 'end', txn });
  }
}
