import type { History } from '../histories/history.ts';
import type { Checker, Verdict } from './checker.ts';
import { describeOp, formatValue, ofKey } from './describe.ts';
import { Findings } from './findings.ts';
import { identity } from './identity.ts';
import { Rechecking } from './online.ts';
import { groupBy, type Operation, operationsByKey } from './operations.ts';
import { written } from './overwritten.ts';

/**
 * Regularity of keyed registers: a read returns the value of the last write that ended before it began, or of a write
 * after that which began before the read ended (Lamport, On interprocess communication, 1986, part II). With several
 * writers "last" means: some order of the writes that keeps real time and ends, for this read, with the value that it
 * returned (MWRegWeak of Shao, Pierce and Welch, Multiwriter consistency conditions for shared memory registers, 2011).
 * Unlike linearizability it lets a later read return an older value, while the newer one is still being written.
 *
 * Operations: `write` (value), `cas` (`[old, new]`, taken for a write), `delete` (a write of null), `read` (completion
 * value; null at first). Values may repeat. A violation is a *stale-read*, with the write that it returned, one that had
 * replaced it, and the read; or a read of a value that nobody can have written, *thin-air*.
 */
export function regular(): Checker {
  return {
    name: 'regular',
    about: 'regular registers: each read returns the last complete write or one that overlaps or follows it',
    check: checkRegular,
    online() {
      return new Rechecking(this, 'key');
    },
  };
}

const FUNCTIONS = ['read', 'write', 'cas', 'delete'];

function checkRegular(history: History): Verdict {
  const findings = new Findings(history);
  const counts = { reads: 0, writes: 0 };
  let sawValue = false;
  for (const [, ops] of operationsByKey(history, FUNCTIONS)) {
    const writes = ops.filter((op) => op.f !== 'read' && op.outcome !== 'fail');
    const reads = ops.filter((op) => op.f === 'read' && op.outcome === 'ok');
    counts.writes += writes.length;
    counts.reads += reads.length;
    sawValue ||= reads.some((read) => identity(read.result) !== null);
    checkKey(history, findings, writes, reads);
  }
  const vacuous = sawValue ? [] : ['no read ever saw a value'];
  return findings.verdict('regular', { counts, vacuous });
}

/** What wrote a value, as far as a read cares: of all writes of the value that began in time, the one that ended last. */
interface Source {
  /** Null: the value that was there at first. */
  readonly write: Operation | null;
  readonly begin: number;
  readonly end: number;
}

const AT_FIRST: Source = { write: null, begin: -1, end: -1 };

/** One register, its operations in the order of invocation. A read is stale when its source had been replaced. */
function checkKey(
  history: History,
  findings: Findings,
  writes: readonly Operation[],
  reads: readonly Operation[],
): void {
  const sources = new Map([...groupBy(writes, (op) => identity(written(op)))].map(latestEnds));
  if (!sources.has(null)) sources.set(null, [AT_FIRST]);
  const complete = writes.filter((op) => op.outcome === 'ok').sort((a, b) => a.end - b.end);
  let done = 0;
  /** Of the writes that ended before the present read began, the one that began last. */
  let latest: Operation | undefined;
  for (const read of reads) {
    for (; done < complete.length && complete[done]!.end < read.begin; done++)
      if (latest === undefined || complete[done]!.begin > latest.begin) latest = complete[done];
    const source = (sources.get(identity(read.result)) ?? []).findLast(({ begin }) => begin < read.end);
    if (source === undefined) reportThinAir(history, findings, read, writes);
    else if (latest !== undefined && source.end < latest.begin)
      reportStale(history, findings, read, source, latest);
  }
}

/** For each write of one value, in order of invocation, which of those up to it ended last. */
function latestEnds([value, writes]: [unknown, Operation[]]): [unknown, Source[]] {
  const out: Source[] = value === null ? [AT_FIRST] : [];
  for (const write of writes) {
    const before = out[out.length - 1];
    const { begin, end } = write;
    out.push(before !== undefined && before.end > end ? { ...before, begin } : { write, begin, end });
  }
  return [value, out];
}

function reportStale(
  history: History,
  findings: Findings,
  read: Operation,
  { write }: Source,
  latest: Operation,
): void {
  const events = [...(write === null ? [] : [write.event]), latest.event, read.event];
  const say = () => {
    const ended = `${describeOp(history, latest.event)} had ended before the read began`;
    const after = write === null ? '' : `, and had begun after ${describeOp(history, write.event)} had ended`;
    return `${describeOp(history, read.event)} returned a value that was replaced already: ${ended}${after}.`;
  };
  findings.add('stale-read', events, say, read.key);
}

function reportThinAir(
  history: History,
  findings: Findings,
  read: Operation,
  writes: readonly Operation[],
): void {
  const id = identity(read.result);
  const later = writes.find((op) => identity(written(op)) === id);
  const events = later === undefined ? [read.event] : [later.event, read.event];
  const say = () => {
    const sight = `${describeOp(history, read.event)} returned ${formatValue(read.result)}${ofKey(read.key)}`;
    return later === undefined
      ? `${sight}, which nobody can have written.`
      : `${sight} before ${describeOp(history, later.event)} had begun.`;
  };
  findings.add('thin-air', events, say, read.key);
}
