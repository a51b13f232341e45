import type { History } from '../histories/history.ts';
import type { Key } from '../histories/op.ts';
import type { Checker, Verdict } from './checker.ts';
import { describeOp } from './describe.ts';
import { Findings } from './findings.ts';
import { malformed } from './malformed.ts';
import { Rechecking } from './online.ts';
import { type Operation, operationsByKey } from './operations.ts';

/**
 * A counter, by bounds (Jepsen's `counter`). Operations: `add` (value: by how much, may be negative) and `read` (completion
 * value: the sum); the key says which counter. A read must show every add that was acknowledged before it began, none that
 * surely failed or began after it ended, and may show any of the others: *out-of-bounds* if no choice of these explains
 * the value's size.
 */
export function counter(): Checker {
  return {
    name: 'counter',
    about: 'reads of a counter lie between what must and what may have been added',
    check: checkCounter,
    online() {
      return new Rechecking(this, 'key');
    },
  };
}

function checkCounter(history: History): Verdict {
  const findings = new Findings(history);
  const counts = { adds: 0, reads: 0 };
  for (const [key, ops] of operationsByKey(history, ['add', 'read'])) {
    const reads = ops.filter((op) => op.f === 'read' && op.outcome === 'ok');
    const adds = ops.filter((op) => op.f === 'add' && op.outcome !== 'fail');
    counts.reads += reads.length;
    counts.adds += adds.length;
    checkReads(history, findings, key, adds, reads);
  }
  const vacuous = [];
  if (counts.reads === 0) vacuous.push('no read ever succeeded');
  if (counts.adds === 0) vacuous.push('nothing was ever added');
  return findings.verdict('counter', { counts, vacuous });
}

/** By how much an add changes the counter. */
export function deltaOf(history: History, add: Operation): number {
  if (typeof add.argument === 'number') return add.argument;
  throw malformed(history, add.begin, 'a number');
}

/** What a read of a counter saw. */
export function sumOf(history: History, read: Operation): number {
  if (typeof read.result === 'number') return read.result;
  throw malformed(history, read.event, 'a number');
}

/** Sums of the positive and of the negative deltas of the first so many adds. */
interface Sums {
  readonly up: number;
  readonly down: number;
  readonly count: number;
}

/** Sums of deltas up to moments of the history, asked for in order. */
class RunningSums {
  /** In order. */
  private readonly steps: readonly { readonly at: number; readonly delta: number }[];
  private next = 0;
  private up = 0;
  private down = 0;

  constructor(steps: readonly { readonly at: number; readonly delta: number }[]) {
    this.steps = steps;
  }

  /** Of what came before event `at`. */
  before(at: number): Sums {
    for (; this.next < this.steps.length && this.steps[this.next]!.at < at; this.next++) {
      const { delta } = this.steps[this.next]!;
      if (delta > 0) this.up += delta;
      else this.down += delta;
    }
    return { up: this.up, down: this.down, count: this.next };
  }
}

function checkReads(
  history: History,
  findings: Findings,
  key: Key | undefined,
  adds: readonly Operation[],
  reads: readonly Operation[],
): void {
  const begun = new RunningSums(adds.map((add) => ({ at: add.begin, delta: deltaOf(history, add) })));
  const acknowledged = adds.filter((add) => add.outcome === 'ok').sort((a, b) => a.end - b.end);
  const ended = new RunningSums(acknowledged.map((add) => ({ at: add.end, delta: deltaOf(history, add) })));
  const certain = new Map(reads.map((read) => [read, ended.before(read.begin)]));
  for (const read of reads.slice().sort((a, b) => a.end - b.end)) {
    const must = certain.get(read)!;
    const may = begun.before(read.end);
    const low = must.up + may.down;
    const high = may.up + must.down;
    const value = sumOf(history, read);
    if (value >= low && value <= high) continue;
    const bounds = low === high ? `exactly ${low}` : `between ${low} and ${high}`;
    const missed = value < low ? acknowledged.slice(Math.max(0, must.count - 3), must.count) : [];
    const say = () => {
      const latest = missed.map((add) => describeOp(history, add.event)).join(', ');
      const hint = latest === '' ? '' : `, given what was acknowledged before it began (last: ${latest})`;
      return `${describeOp(history, read.event)} should have been ${bounds}${hint}.`;
    };
    findings.add('out-of-bounds', [...missed.map((add) => add.event), read.event], say, key);
  }
}
