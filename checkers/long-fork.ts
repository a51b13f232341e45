import type { History } from '../histories/history.ts';
import type { Key } from '../histories/op.ts';
import type { Checker, Verdict } from './checker.ts';
import { describeOp, formatValue } from './describe.ts';
import { Findings } from './findings.ts';
import { MalformedOp, malformed } from './malformed.ts';
import { Rechecking } from './online.ts';
import { type Operation, operationsOf } from './operations.ts';

/**
 * Long forks, which snapshot isolation forbids and parallel snapshot isolation allows (Sovran, Power, Aguilera and Li,
 * Transactional storage for geo-replicated systems, 2011; Jepsen's `long-fork`). Operations: `txn` (value: an array of
 * `["w", key, value]` or of `["r", key, null]`, the reads with their values in the completion). Each key is written at
 * most once, and reads as null before.
 *
 * *long-fork*: of two writes, one read saw the first and not the second, and another the second and not the first, so that
 * no order of the two writes explains both.
 */
export function longFork(): Checker {
  return {
    name: 'long-fork',
    about: 'long forks: no two reads see two writes in opposite orders',
    check: checkLongForks,
    online() {
      return new Rechecking(this, 'history');
    },
  };
}

type Micro = readonly [f: string, key: Key, value: unknown];

/** Of two keys: a read that saw the lesser key's write alone, and one that saw the greater's alone. */
interface Views {
  lesser: Operation | undefined;
  greater: Operation | undefined;
  reported: boolean;
}

function checkLongForks(history: History): Verdict {
  const findings = new Findings(history);
  const counts = { reads: 0, writes: 0, split: 0 };
  const operations = operationsOf(history).filter((op) => op.f === 'txn');
  const writes = writesByKey(history, operations);
  const views = new Map<string, Views>();
  for (const op of operations) {
    if (op.outcome !== 'ok') continue;
    // What a transaction wrote itself it sees before anybody else may.
    const reads = microsOf(history, op, op.event, op.result).filter(
      ([f, key]) => f === 'r' && writes.get(key) !== op,
    );
    const seen = reads.filter(([, , value]) => value !== null && value !== undefined);
    if (reads.length > 0) counts.reads++;
    if (seen.length === 0 || seen.length === reads.length) continue;
    counts.split++;
    for (const [, has] of seen) {
      for (const [, lacks, value] of reads) {
        if (value === null || value === undefined)
          noteView(history, findings, { views, writes, op, has, lacks });
      }
    }
  }
  counts.writes = writes.size;
  const vacuous = counts.split === 0 ? ['no read saw one key written and another not yet'] : [];
  return findings.verdict('long-fork', { counts, vacuous });
}

function microsOf(history: History, op: Operation, event: number, value: unknown): readonly Micro[] {
  const right = (each: unknown) => Array.isArray(each) && (each[0] === 'r' || each[0] === 'w');
  if (op.f === 'txn' && Array.isArray(value) && value.every(right)) return value as readonly Micro[];
  throw malformed(history, event, 'an array of ["r", key, value] and ["w", key, value]');
}

function writesByKey(history: History, operations: readonly Operation[]): Map<Key, Operation> {
  const writes = new Map<Key, Operation>();
  for (const op of operations) {
    if (op.outcome === 'fail') continue;
    for (const [f, key] of microsOf(history, op, op.begin, op.argument)) {
      if (f !== 'w') continue;
      const other = writes.get(key);
      if (other !== undefined)
        throw new MalformedOp(
          `events ${other.begin} and ${op.begin} (txn): both write key ${formatValue(key)}; each key must be written ` +
            'once, or a read does not tell which write it saw',
        );
      writes.set(key, op);
    }
  }
  return writes;
}

interface View {
  readonly views: Map<string, Views>;
  readonly writes: ReadonlyMap<Key, Operation>;
  readonly op: Operation;
  readonly has: Key;
  readonly lacks: Key;
}

function noteView(history: History, findings: Findings, { views, writes, op, has, lacks }: View): void {
  const [one, other] = [JSON.stringify(has), JSON.stringify(lacks)];
  const pair = one < other ? `${one} ${other}` : `${other} ${one}`;
  let both = views.get(pair);
  if (both === undefined)
    views.set(pair, (both = { lesser: undefined, greater: undefined, reported: false }));
  if (one < other) both.lesser ??= op;
  else both.greater ??= op;
  const opposite = one < other ? both.greater : both.lesser;
  if (opposite === undefined || both.reported) return;
  both.reported = true;
  const [a, b] = [formatValue(has), formatValue(lacks)];
  const say = () =>
    `${describeOp(history, opposite.event)} saw the write of key ${b} and not that of key ${a}, so ${b} was written first; ` +
    `${describeOp(history, op.event)} saw the write of ${a} and not that of ${b}, so ${a} was: no order of the two ` +
    'writes explains both.';
  const written = [has, lacks].flatMap((key) => writes.get(key)?.event ?? []);
  findings.add('long-fork', [...written, opposite.event, op.event], say);
}
