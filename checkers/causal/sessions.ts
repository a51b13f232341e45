import { byKey, eventsOf } from '../../histories/groups.ts';
import type { History } from '../../histories/history.ts';
import { INVOKE, type Key, NEMESIS, OK } from '../../histories/op.ts';
import { identity } from '../identity.ts';
import { type Ambiguous, casValues, UniqueWrites } from './unique-writes.ts';

/** `writer` of a read that returned the initial value. */
export const INITIAL = -1;

/**
 * The reads and writes of keyed registers, laid out session after session, so that an operation's number tells its place:
 * the operations of session `s` are `start[s]` to `start[s + 1] - 1`, in order. A session is what a process did up to its
 * first operation of unknown outcome, which may still take effect at any later time; what follows is another session.
 * Holds what succeeded, and the writes of unknown outcome that somebody read; any others can be left out without making
 * a difference. A `cas` is a read followed by a write.
 */
export interface Sessions {
  readonly history: History;
  /** Number of operations. */
  readonly size: number;
  /** Number of sessions. */
  readonly count: number;
  readonly start: Int32Array;
  /** Session of each operation. */
  readonly session: Int32Array;
  /** Key of each operation, numbered from 0. */
  readonly key: Int32Array;
  readonly keys: number;
  /** Of a read the write whose value it returned, or `INITIAL`; of a write itself. */
  readonly writer: Int32Array;
  /** The event that shows the operation: its completion where it succeeded, else its invocation. */
  readonly event: Int32Array;
  /** Every operation once, in the order of invocation. */
  readonly byTime: Int32Array;
  /** Reads of values that nobody can have written; left out of everything above. */
  readonly thinAir: readonly ThinAirRead[];
}

export interface ThinAirRead {
  readonly event: number;
  readonly key: Key | undefined;
  /** The event at which the failed write of that value began, or -1. */
  readonly failedWrite: number;
}

/**
 * Reads `read`, `write` and `cas` (value: `[old, new]`) operations; other functions are left alone. The initial value is
 * null, and no value may be written twice to one key.
 */
export function readSessions(history: History): Sessions | Ambiguous {
  const sources = sourcesOfReads(history);
  return 'reason' in sources ? sources : layOut(history, sources);
}

/** In `source`: no read here, or one of a value that nobody wrote. */
const NOTHING = -2;

interface Sources {
  /** By the event at which a read or cas began: the event at which the write of its value began, INITIAL or NOTHING. */
  readonly source: Int32Array;
  /** By the event at which a write began: 1 when some read returned its value. */
  readonly observed: Uint8Array;
  readonly thinAir: ThinAirRead[];
}

/** Key after key, so that only one key's values are in memory at a time. */
function sourcesOfReads(history: History): Sources | Ambiguous {
  const { pair, type, f } = history.columns;
  const readCode = history.fCode('read');
  const casCode = history.fCode('cas');
  const source = new Int32Array(history.length).fill(NOTHING);
  const observed = new Uint8Array(history.length);
  const thinAir: ThinAirRead[] = [];
  const written = new UniqueWrites(history);
  const look = (i: number, event: number, value: unknown): void => {
    const id = identity(value);
    const writer = id === null ? INITIAL : (written.writes.get(id) ?? NOTHING);
    source[i] = writer;
    if (writer >= 0) observed[writer] = 1;
    if (writer === NOTHING)
      thinAir.push({ event, key: history.key(i), failedWrite: written.failed.get(id) ?? -1 });
  };
  const keys = byKey(history);
  for (let g = 0; g < keys.names.length; g++) {
    const events = eventsOf(keys, g);
    const ambiguous = written.fill(events);
    if (ambiguous !== undefined) return ambiguous;
    for (const i of events) {
      const end = pair[i]!;
      if (type[i] !== INVOKE || end < 0 || type[end] !== OK) continue;
      if (f[i] === readCode) look(i, end, history.value(end));
      else if (f[i] === casCode) look(i, end, casValues(history, i)[0]);
    }
  }
  thinAir.sort((a, b) => a.event - b.event);
  return { source, observed, thinAir };
}

/** The operations in order of invocation, with the session of each; not yet numbered. */
interface Timeline {
  readonly size: number;
  /** The event at which the operation, or the cas that it is part of, began. */
  readonly invocation: Int32Array;
  readonly isWrite: Uint8Array;
  readonly session: Int32Array;
  readonly sessionLengths: readonly number[];
}

function timelineOf(history: History, { source, observed }: Sources): Timeline {
  const { pair, type, process, f } = history.columns;
  const writeCode = history.fCode('write');
  const casCode = history.fCode('cas');
  // Each operation has two events, but a cas is two operations and a pending write has just one event.
  const invocation = new Int32Array(2 * history.length);
  const isWrite = new Uint8Array(2 * history.length);
  const session = new Int32Array(2 * history.length);
  const sessionOf = new Map<number, number>();
  const sessionLengths: number[] = [];
  let size = 0;
  for (let i = 0; i < history.length; i++) {
    if (type[i] !== INVOKE || process[i] === NEMESIS) continue;
    const succeeded = pair[i]! >= 0 && type[pair[i]!] === OK;
    const reads = source[i] !== NOTHING;
    const writes = (f[i] === writeCode || f[i] === casCode) && (succeeded || observed[i] === 1);
    if (!reads && !writes) continue;
    let s = sessionOf.get(process[i]!);
    if (s === undefined) {
      s = sessionLengths.push(0) - 1;
      sessionOf.set(process[i]!, s);
    }
    for (const write of reads && writes ? [0, 1] : [writes ? 1 : 0]) {
      invocation[size] = i;
      isWrite[size] = write;
      session[size++] = s;
      sessionLengths[s]!++;
    }
    if (!succeeded) sessionOf.delete(process[i]!);
  }
  return { size, invocation, isWrite, session, sessionLengths };
}

function layOut(history: History, sources: Sources): Sessions {
  const { pair, type, key } = history.columns;
  const timeline = timelineOf(history, sources);
  const { size, invocation, isWrite, sessionLengths } = timeline;
  const count = sessionLengths.length;
  const start = new Int32Array(count + 1);
  for (let s = 0; s < count; s++) start[s + 1] = start[s]! + sessionLengths[s]!;
  const next = start.slice();
  const byTime = new Int32Array(size);
  const writeBegunAt = new Int32Array(history.length);
  for (let t = 0; t < size; t++) {
    const op = next[timeline.session[t]!]!++;
    byTime[t] = op;
    if (isWrite[t] === 1) writeBegunAt[invocation[t]!] = op;
  }
  const session = new Int32Array(size);
  const keyOf = new Int32Array(size);
  const writer = new Int32Array(size);
  const event = new Int32Array(size);
  for (let t = 0; t < size; t++) {
    const op = byTime[t]!;
    const i = invocation[t]!;
    const end = pair[i]!;
    session[op] = timeline.session[t]!;
    keyOf[op] = key[i]! + 1;
    event[op] = end >= 0 && type[end] === OK ? end : i;
    const source = sources.source[i]!;
    writer[op] = isWrite[t] === 1 ? op : source === INITIAL ? INITIAL : writeBegunAt[source]!;
  }
  const keys = history.columns.keyNames.length + 1;
  return {
    history,
    size,
    count,
    start,
    session,
    key: keyOf,
    keys,
    writer,
    event,
    byTime,
    thinAir: sources.thinAir,
  };
}
