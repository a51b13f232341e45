import type { History } from '../histories/history.ts';
import type { Checker, Verdict } from './checker.ts';
import { describeOp } from './describe.ts';
import { Findings } from './findings.ts';
import { malformed } from './malformed.ts';
import { groupBy, type Operation, operationsByKey } from './operations.ts';

/**
 * Growing numbers (Jepsen's `monotonic`): each transaction reads the greatest number in a table and inserts the next,
 * together with the time that the database gives the transaction; so numbers and times must grow together. Operations:
 * `add` (completion value: `[number, time]`, what was inserted) and `read` (completion value: an array of all
 * `[number, time]`). The key says which table.
 *
 * *duplicate*: a number stands twice in a read; *time-order*: of two numbers in a read the greater has the lesser time;
 * *session-order*: a process inserted a number that isn't greater than its last; *lost*: the last read lacks a number
 * whose insertion had been acknowledged before it began.
 */
export function monotonic(): Checker {
  return {
    name: 'monotonic',
    about: 'numbers inserted by one transaction after another grow with the times of the transactions',
    check: checkMonotonic,
  };
}

type Row = readonly [number: number, time: number];

/** One table. */
interface Subject {
  readonly history: History;
  readonly findings: Findings;
  /** Acknowledged insertions, in order of invocation. */
  readonly adds: readonly { readonly op: Operation; readonly row: Row }[];
  readonly addOf: ReadonlyMap<number, Operation>;
}

function checkMonotonic(history: History): Verdict {
  const findings = new Findings(history);
  const counts = { adds: 0, reads: 0 };
  for (const [, ops] of operationsByKey(history, ['add', 'read'])) {
    const acknowledged = ops.filter((op) => op.outcome === 'ok');
    const adds = acknowledged
      .filter(({ f }) => f === 'add')
      .map((op) => ({ op, row: rowOf(history, op, op.result) }));
    const reads = acknowledged.filter(({ f }) => f === 'read');
    const addOf = new Map(adds.map(({ op, row: [number] }) => [number, op]));
    const subject = { history, findings, adds, addOf };
    counts.adds += adds.length;
    counts.reads += reads.length;
    for (const read of reads) checkRows(subject, read, rowsOf(history, read));
    reportSessions(subject);
    const last = reads.at(-1);
    if (last !== undefined) reportLost(subject, last, rowsOf(history, last));
  }
  const vacuous = counts.adds < 2 ? ['fewer than two insertions were acknowledged'] : [];
  if (counts.reads === 0) vacuous.push('no read succeeded');
  return findings.verdict('monotonic', { counts, vacuous });
}

function rowOf(history: History, op: Operation, value: unknown): Row {
  const right = Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'number';
  if (right) return value as unknown as Row;
  throw malformed(history, op.event, op.f === 'add' ? '[number, time]' : 'an array of [number, time]');
}

function rowsOf(history: History, read: Operation): Row[] {
  const rows = read.result ?? [];
  if (!Array.isArray(rows)) throw malformed(history, read.event, 'an array of [number, time]');
  return rows.map((row: unknown) => rowOf(history, read, row)).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** The rows of a read in order of their numbers: neighbours tell whether there are duplicates and whether time grows. */
function checkRows({ history, findings, addOf }: Subject, read: Operation, rows: readonly Row[]): void {
  rows.forEach((row, i) => {
    const before = rows[i - 1];
    if (before === undefined) return;
    const [[a, from], [b, to]] = [before, row];
    if (a === b) {
      const say = () => `${describeOp(history, read.event)} holds the number ${a} more than once.`;
      findings.add('duplicate', [read.event], say, read.key);
    } else if (from > to) {
      const writers = [a, b].flatMap((number) => addOf.get(number) ?? []);
      const by = writers.map((op) => describeOp(history, op.event)).join(' and ');
      const say = () =>
        `${describeOp(history, read.event)} holds ${a} with the time ${from} and the greater ${b} with the lesser ` +
        `time ${to}: the database ordered the two transactions one way and timed them the other` +
        `${by === '' ? '' : ` (${by})`}.`;
      findings.add('time-order', [...writers.map((op) => op.event), read.event], say, read.key);
    }
  });
}

function reportSessions({ history, findings, adds }: Subject): void {
  for (const own of groupBy(adds, ({ op }) => op.process).values()) {
    own.forEach((add, i) => {
      const before = own[i - 1];
      if (before === undefined || before.row[0] < add.row[0]) return;
      const say = () =>
        `Process ${add.op.process} inserted ${before.row[0]} and then ${add.row[0]}, which is not greater: ` +
        `${describeOp(history, before.op.event)}, then ${describeOp(history, add.op.event)}.`;
      findings.add('session-order', [before.op.event, add.op.event], say, add.op.key);
    });
  }
}

function reportLost({ history, findings, adds }: Subject, last: Operation, rows: readonly Row[]): void {
  const held = new Set(rows.map(([number]) => number));
  for (const { op, row } of adds) {
    if (op.end > last.begin || held.has(row[0])) continue;
    const say = () =>
      `${describeOp(history, op.event)} was acknowledged, yet the last read, ${describeOp(history, last.event)}, ` +
      `lacks ${row[0]}.`;
    findings.add('lost', [op.event, last.event], say, op.key);
  }
}
