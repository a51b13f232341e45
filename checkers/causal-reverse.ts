import type { History } from '../histories/history.ts';
import type { Checker, Verdict } from './checker.ts';
import { describeOp, formatValue } from './describe.ts';
import { Findings } from './findings.ts';
import { identity } from './identity.ts';
import { malformed } from './malformed.ts';
import { Rechecking } from './online.ts';
import { type Operation, operationsByKey } from './operations.ts';

/**
 * Causal reverses, which strict serializability forbids and serializability allows (Jepsen's `causal-reverse`): a write
 * that began after another was acknowledged shows without it. Operations: `write` (value: what is inserted, unique) and
 * `read` (completion value: the array of all that was inserted, read in one transaction). The key says which table.
 *
 * *causal-reverse*: a read holds a write, and lacks one that had been acknowledged before that one began.
 */
export function causalReverse(): Checker {
  return {
    name: 'causal-reverse',
    about: 'no read shows a write without another that had been acknowledged before it began',
    check: checkCausalReverse,
    online() {
      return new Rechecking(this, 'key');
    },
  };
}

function checkCausalReverse(history: History): Verdict {
  const findings = new Findings(history);
  const counts = { reads: 0, writes: 0 };
  for (const [, ops] of operationsByKey(history, ['read', 'write'])) {
    const writes = ops.filter((op) => op.f === 'write' && op.outcome !== 'fail');
    const reads = ops.filter((op) => op.f === 'read' && op.outcome === 'ok');
    counts.reads += reads.length;
    counts.writes += writes.length;
    const acknowledged = writes.filter((op) => op.outcome === 'ok').sort((a, b) => a.end - b.end);
    for (const read of reads) checkRead(history, findings, { read, writes, acknowledged });
  }
  const vacuous = counts.writes < 2 ? ['fewer than two writes'] : [];
  if (counts.reads === 0) vacuous.push('no read succeeded');
  return findings.verdict('causal-reverse', { counts, vacuous });
}

interface Subject {
  readonly read: Operation;
  /** In order of invocation. */
  readonly writes: readonly Operation[];
  /** In order of completion. */
  readonly acknowledged: readonly Operation[];
}

/** Of what the read lacks the write that ended first, and of what it holds the one that began last, are the widest apart. */
function checkRead(history: History, findings: Findings, { read, writes, acknowledged }: Subject): void {
  const value = read.result ?? [];
  if (!Array.isArray(value)) throw malformed(history, read.event, 'an array of what was written');
  const held = new Set(value.map(identity));
  const missed = acknowledged.find((op) => !held.has(identity(op.argument)));
  const seen = writes.findLast((op) => held.has(identity(op.argument)));
  if (missed === undefined || seen === undefined || missed.end > seen.begin) return;
  const say = () =>
    `${describeOp(history, missed.event)} was acknowledged before ${describeOp(history, seen.event)} began, yet ` +
    `${describeOp(history, read.event)} holds ${formatValue(seen.argument)} and not ${formatValue(missed.argument)}.`;
  findings.add('causal-reverse', [missed.event, seen.event, read.event], say, read.key);
}
