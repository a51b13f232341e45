import type { Checker } from '../checker.ts';
import type { Findings } from '../findings.ts';
import { Rechecking } from '../online.ts';
import { judge } from './causal.ts';
import { describe, eventsOf } from './explain.ts';
import { type Overwriting, overwritingCycle, overwritingOf } from './overwriting.ts';
import { INITIAL, type Sessions } from './sessions.ts';
import { type Contradiction, NONE, type Reason, VisibleWrites } from './visible-writes.ts';
import { type WritesByKey, writesByKey } from './writes-by-key.ts';

/** The four guarantees of Terry, Demers, Petersen, Spreitzer, Theimer and Welch (1994). */
export type SessionGuarantee =
  | 'read-your-writes'
  | 'monotonic-reads'
  | 'monotonic-writes'
  | 'writes-follow-reads';

export const SESSION_GUARANTEES: readonly SessionGuarantee[] = [
  'read-your-writes',
  'monotonic-reads',
  'monotonic-writes',
  'writes-follow-reads',
];

const ABOUT: Readonly<Record<SessionGuarantee, string>> = {
  'read-your-writes': 'a session sees what it wrote',
  'monotonic-reads': 'a session that saw a write goes on seeing it',
  'monotonic-writes': 'who sees a write sees what its session wrote before it',
  'writes-follow-reads': 'who sees a write sees what its session had read before it',
};

/**
 * One session guarantee, or all four, each reported on its own, for keyed registers. Operations as for `causal`.
 *
 * A guarantee says which writes a read must see: *read-your-writes*: those of its session before it; *monotonic-reads*:
 * those whose values its session had read before it; *monotonic-writes*: what was written before, in one session with,
 * a write that the reading session has read by then; *writes-follow-reads*: what a session had read before it wrote
 * something that the reading session has read by then, and that something too if both are of one key.
 *
 * It holds if for each session the writes to a key can be ordered so that a read returns the last of what it must see or
 * something after that, and the initial value only if it must see nothing. The order keeps, for one key, what each session
 * wrote in turn, and what the session read before what it then wrote (in writes-follow-reads: what any session did).
 * PRAM implies the first three, causal convergence and causal memory all four.
 */
export function sessionGuarantees(guarantees: readonly SessionGuarantee[] = SESSION_GUARANTEES): Checker {
  const [only] = guarantees;
  const single = guarantees.length === 1 && only !== undefined;
  const name = single ? only : 'session-guarantees';
  return {
    name,
    about: single
      ? `${ABOUT[only]} (registers)`
      : 'the four session guarantees of registers, each on its own',
    check: (history) =>
      judge(name, history, (sessions, findings) => {
        const writes = writesByKey(sessions);
        for (const guarantee of guarantees) checkGuarantee(guarantee, sessions, writes, findings);
        return undefined;
      }),
    online() {
      return new Rechecking(this, 'history');
    },
  };
}

function checkGuarantee(
  guarantee: SessionGuarantee,
  sessions: Sessions,
  writes: WritesByKey,
  findings: Findings,
): void {
  const follows = guarantee === 'writes-follow-reads';
  const overwriting = overwritingOf(sessions, writes);
  const circle = follows ? overwritingCycle(writes, overwriting) : undefined;
  if (circle !== undefined) {
    reportCircle(findings, sessions, guarantee, circle);
    return;
  }
  const visible = new VisibleWrites(sessions, writes, overwriting, follows);
  const walk = { guarantee, sessions, writes, visible, overwriting };
  for (let p = 0; p < sessions.count; p++) {
    const found = contradictionIn(p, walk);
    if (found !== undefined) reportContradiction(findings, sessions, guarantee, found);
  }
}

/** What is needed to go through the sessions. */
interface Walk {
  readonly guarantee: SessionGuarantee;
  readonly sessions: Sessions;
  readonly writes: WritesByKey;
  readonly visible: VisibleWrites;
  readonly overwriting: Overwriting;
}

/** The first contradiction in session `p`; or a read of what the session wrote only later. */
function contradictionIn(p: number, walk: Walk): Contradiction | number | undefined {
  const { guarantee, sessions, visible } = walk;
  const { start, session, writer } = sessions;
  /** By session: how much of it this one has heard of. */
  const heard = new Map<number, number>();
  visible.enter(p);
  for (let op = start[p]!; op < start[p + 1]!; op++) {
    const write = writer[op]!;
    if (write === op) {
      if (guarantee === 'read-your-writes') visible.demand(op, op, NONE, NONE);
      continue;
    }
    if (write > op && session[write] === p) return op;
    if (write !== INITIAL && guarantee !== 'read-your-writes' && guarantee !== 'monotonic-reads') {
      hear(op, walk, heard);
    }
    const found = visible.compare(op);
    if (found !== undefined) return found;
    if (write !== INITIAL && guarantee === 'monotonic-reads') visible.demand(write, op + 1, op, NONE);
  }
  return undefined;
}

/** The session reads a write, by `read`: takes in what that write's session did before. */
function hear(
  read: number,
  { guarantee, sessions, writes, visible, overwriting }: Walk,
  heard: Map<number, number>,
): void {
  const { start, session, writer } = sessions;
  const follows = guarantee === 'writes-follow-reads';
  const write = writer[read]!;
  const s = session[write]!;
  const from = heard.get(s) ?? start[s]!;
  for (let op = from; op < write; op++) {
    const source = writer[op]!;
    if (!follows && source === op) visible.demand(op, read, read, write);
    if (follows && source !== op && source !== INITIAL) visible.demand(source, read, op, read);
  }
  heard.set(s, Math.max(from, write));
  if (follows && overwriting.overwrites[writes.placeOf[write]!] === 1)
    visible.demand(write, read, read, NONE);
}

function reportCircle(
  findings: Findings,
  sessions: Sessions,
  guarantee: SessionGuarantee,
  circle: readonly number[],
): void {
  const say = () => {
    const steps = circle.map((write, i) => {
      const next = circle[(i + 1) % circle.length]!;
      return `${describe(sessions, write)} came before ${describe(sessions, next)}`;
    });
    return `${steps.join('; ')}: each was written, or its value read, by the process that then wrote the next.`;
  };
  findings.add(guarantee, eventsOf(sessions, circle), say, sessions.history.key(sessions.event[circle[0]!]!));
}

function reportContradiction(
  findings: Findings,
  sessions: Sessions,
  guarantee: SessionGuarantee,
  found: Contradiction | number,
): void {
  const { history, event, writer } = sessions;
  if (typeof found === 'number') {
    const write = writer[found]!;
    const say = () =>
      `${describe(sessions, found)} returned what its process wrote only later: ${describe(sessions, write)}.`;
    findings.add(guarantee, eventsOf(sessions, [found, write]), say, history.key(event[found]!));
    return;
  }
  const { read, missed, reason, earlier } = found;
  const write = writer[read]!;
  const why = (of: number, because: Reason): string => whyVisible(sessions, guarantee, of, because);
  const say = () => {
    const now = `${describe(sessions, read)} ${write === INITIAL ? 'saw no value' : `returned the value of ${describe(sessions, write)}`}`;
    const fault = `${now}, though ${why(missed, reason)}`;
    if (write === INITIAL) return `${fault}.`;
    if (earlier === undefined) return `${fault}, and that came later.`;
    const before = `${describe(sessions, earlier.read)} had returned the value of ${describe(sessions, missed)}, though ${why(write, earlier.reason)}`;
    return `${fault}. Yet ${before}. So each of the two values was taken for the later one.`;
  };
  const ops = [missed, reason.above, ...reason.because, write, read];
  if (earlier !== undefined) ops.push(earlier.read, earlier.reason.above, ...earlier.reason.because);
  const proof = eventsOf(
    sessions,
    ops.filter((op) => op !== INITIAL),
  ).sort((a, b) => a - b);
  findings.add(guarantee, proof, say, history.key(event[read]!));
}

/** `... had to be visible since ...`. */
function whyVisible(
  sessions: Sessions,
  guarantee: SessionGuarantee,
  write: number,
  { above, because }: Reason,
): string {
  const [a, b] = because;
  const had =
    write === above
      ? `${describe(sessions, above)} had to be visible`
      : `${describe(sessions, above)}, which came after ${describe(sessions, write)}, had to be visible`;
  if (a === undefined) return `${had} to the process that wrote it`;
  if (b === undefined) return `${had} since ${describe(sessions, a)}`;
  return guarantee === 'monotonic-writes'
    ? `${had} since ${describe(sessions, a)}, as it was written before ${describe(sessions, b)} by the same process`
    : `${had} since ${describe(sessions, b)}, as the process that wrote that value had read it: ${describe(sessions, a)}`;
}
