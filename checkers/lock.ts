import type { History } from '../histories/history.ts';
import type { Nanos } from '../histories/op.ts';
import type { Checker, Verdict } from './checker.ts';
import { describeOp, formatTime, ofKey } from './describe.ts';
import { Findings } from './findings.ts';
import { checkTokens } from './lock-tokens.ts';
import { Rechecking } from './online.ts';
import { type Operation, operationsByKey } from './operations.ts';

export interface LockOptions {
  /**
   * Whether grants carry fencing tokens that the resource checks. Then a lease may expire unnoticed, so that two
   * processes believe to hold the lock; what counts is what the resource lets them do. Default false.
   */
  readonly fencing?: boolean;
}

/**
 * A lock, free at first. Operations: `acquire` (completion value, with fencing: the token, a number) and `release`; with
 * fencing also `write` (value: `{ token, ... }`), a write to the resource that the lock protects, which is `ok` when the
 * resource let it pass and `fail` when it was refused. The key says which lock. An acquire that finds the lock taken fails.
 * A grant for a time has the completion value `{ token, lease }`: the holder may count on the lock for `lease` ns from
 * the invocation on. A write's completion value may be `{ after }`: the token that the resource had seen last.
 *
 * A process surely holds the lock from the end of its acquire to the beginning of its release or the end of its lease.
 * *mutual-exclusion*: a grant while another process, or the same, surely held it; *not-held*: a release was acknowledged
 * to a process that held nothing. Without these two there is an order of all grants and releases that explains a history
 * without leases.
 *
 * With fencing neither is a violation, and both are only counted. Instead (Kleppmann, How to do distributed locking,
 * 2016): *repeated-token*: two grants have the same one; *token-order*: a later grant has a lower one; *stale-write*: the
 * resource let a write pass though a write with a higher token had passed before.
 */
export function lock(options: LockOptions = {}): Checker {
  const fencing = options.fencing ?? false;
  return {
    name: fencing ? 'lock-fencing' : 'lock',
    about: fencing
      ? 'a lock with fencing tokens: they grow, and the resource refuses a write with an old one'
      : 'a lock: never held by two at once, released only by who holds it',
    check: (history) => checkLocks(history, fencing),
    online() {
      return new Rechecking(this, 'key');
    },
  };
}

const FUNCTIONS = ['acquire', 'release', 'write'];

function checkLocks(history: History, fencing: boolean): Verdict {
  const findings = new Findings(history);
  const overlaps = new Findings(history);
  const succeeded = new Map<string, number>();
  const ok = (f: string) => succeeded.get(f) ?? 0;
  for (const [, ops] of operationsByKey(history, FUNCTIONS)) {
    for (const { f, outcome } of ops) if (outcome === 'ok') succeeded.set(f, ok(f) + 1);
    checkHolders(history, fencing ? overlaps : findings, ops);
    if (fencing) checkTokens(history, findings, ops);
  }
  const vacuous = ok('acquire') < 2 ? ['the lock was not granted twice'] : [];
  if (fencing && ok('write') === 0) vacuous.push('no write to the resource passed');
  const counts = { grants: ok('acquire'), releases: ok('release') };
  const fenced = { writes: ok('write'), overlaps: overlaps.total('mutual-exclusion') };
  const name = fencing ? 'lock-fencing' : 'lock';
  return findings.verdict(name, { counts: fencing ? { ...counts, ...fenced } : counts, vacuous });
}

/** One pass over the grants and releases of one lock, each release at its beginning and each grant at its end. */
function checkHolders(history: History, findings: Findings, ops: readonly Operation[]): void {
  const moments: { readonly at: number; readonly op: Operation }[] = [];
  /** Since when it is anybody's guess whether a process holds the lock: it had an acquire of unknown outcome. */
  const maybe = new Map<number, number>();
  const guess = ({ process, begin }: Operation) =>
    maybe.set(process, Math.min(begin, maybe.get(process) ?? begin));
  for (const op of ops) {
    if (op.f === 'acquire' && op.outcome === 'ok') moments.push({ at: op.end, op });
    // A release that failed had no effect. One of unknown outcome may have had its effect at once.
    if (op.f === 'release' && op.outcome !== 'fail') moments.push({ at: op.begin, op });
    if (op.f === 'acquire' && op.outcome === 'info') guess(op);
  }
  moments.sort((a, b) => a.at - b.at);
  const releases = releasesByProcess(moments.map(({ op }) => op));
  const held = new Map<number, Operation>();
  const lapsed = new Map<number, Lapse>();
  for (const { op } of moments) {
    if (op.f === 'acquire') {
      // A lease that is over when the answer comes makes nobody a holder, but there may be something to release.
      if (leaseEnd(op) <= op.endTime) {
        guess(op);
        continue;
      }
      for (const [process, holder] of held) {
        if (leaseEnd(holder) > op.endTime) continue;
        held.delete(process);
        lapsed.set(process, { grant: holder, next: op });
      }
      const holder = held.values().next().value;
      if (holder !== undefined) reportOverlap(history, findings, holder, op, releases);
      held.set(op.process, op);
      lapsed.delete(op.process);
    } else if (!held.delete(op.process) && op.outcome === 'ok' && !(maybe.get(op.process)! < op.begin)) {
      const lapse = lapsed.get(op.process);
      if (lapse === undefined) reportNotHeld(history, findings, op, releases);
      else reportLapsed(history, findings, op, lapse);
    }
  }
}

/** A grant whose lease was over when somebody else got the lock. */
interface Lapse {
  readonly grant: Operation;
  readonly next: Operation;
}

/** When the holder can no longer count on the lock that this acquire got; infinite without a lease. */
function leaseEnd({ result, startTime }: Operation): Nanos {
  const lease = typeof result === 'object' && result !== null && 'lease' in result ? result.lease : undefined;
  return typeof lease === 'number' ? startTime + lease : Number.POSITIVE_INFINITY;
}

/** The releases of each process, in order. */
type Releases = ReadonlyMap<number, readonly Operation[]>;

function releasesByProcess(ops: readonly Operation[]): Releases {
  const releases = new Map<number, Operation[]>();
  for (const op of ops) {
    if (op.f !== 'release') continue;
    const own = releases.get(op.process);
    if (own === undefined) releases.set(op.process, [op]);
    else own.push(op);
  }
  return releases;
}

function reportOverlap(
  history: History,
  findings: Findings,
  holder: Operation,
  next: Operation,
  releases: Releases,
): void {
  const release = releases.get(holder.process)?.find((op) => op.begin > holder.end);
  const say = () => {
    const lease = leaseEnd(holder);
    const until =
      lease < (release?.startTime ?? Number.POSITIVE_INFINITY)
        ? `might count on it until ${formatTime(lease)}`
        : release === undefined
          ? 'never gave it back'
          : `gave it back no sooner than ${describeOp(history, release.event)}`;
    const who =
      holder.process === next.process ? 'again to the same process' : `to process ${next.process} as well`;
    return (
      `Process ${holder.process} got the lock${ofKey(next.key)} with ${describeOp(history, holder.event)} and ${until}, ` +
      `yet meanwhile it was granted ${who}: ${describeOp(history, next.event)}.`
    );
  };
  const events = [holder.event, next.event, ...(release === undefined ? [] : [release.event])];
  findings.add('mutual-exclusion', events, say, next.key);
}

function reportNotHeld(history: History, findings: Findings, release: Operation, releases: Releases): void {
  const earlier = releases.get(release.process)?.findLast((op) => op.begin < release.begin);
  const say = () => {
    const since =
      earlier === undefined
        ? 'it had never been granted'
        : `it had not been granted since ${describeOp(history, earlier.event)}`;
    return `${describeOp(history, release.event)} gave back a lock that process ${release.process} did not hold: ${since}.`;
  };
  const events = earlier === undefined ? [release.event] : [earlier.event, release.event];
  findings.add('not-held', events, say, release.key);
}

function reportLapsed(
  history: History,
  findings: Findings,
  release: Operation,
  { grant, next }: Lapse,
): void {
  const say = () =>
    `${describeOp(history, release.event)} gave back a lock that process ${release.process} did not hold any more: ` +
    `it got it with ${describeOp(history, grant.event)}, and when that lease was over it was granted anew, by ` +
    `${describeOp(history, next.event)}.`;
  findings.add('not-held', [grant.event, next.event, release.event], say, release.key);
}
