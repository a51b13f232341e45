import type { History } from '../histories/history.ts';
import type { Checker, Verdict } from './checker.ts';
import { describeOp, formatValue } from './describe.ts';
import { Findings } from './findings.ts';
import { identity } from './identity.ts';
import { Rechecking } from './online.ts';
import { type Operation, operationsOf } from './operations.ts';

/**
 * Generated ids are all different (Jepsen's `unique-ids`). Operations: `generate` (completion value: the id). Each id that
 * was given out more than once is one *duplicated*.
 */
export function uniqueIds(): Checker {
  return {
    name: 'unique-ids',
    about: 'no id was given out twice',
    check: checkIds,
    online() {
      return new Rechecking(this, 'history');
    },
  };
}

function checkIds(history: History): Verdict {
  const findings = new Findings(history);
  const operations = operationsOf(history).filter((op) => op.f === 'generate');
  const first = new Map<unknown, Operation>();
  const duplicated = new Set<unknown>();
  let acknowledged = 0;
  for (const op of operations) {
    if (op.outcome !== 'ok') continue;
    acknowledged++;
    const id = identity(op.result);
    const before = first.get(id);
    if (before === undefined) first.set(id, op);
    if (before === undefined || duplicated.has(id)) continue;
    duplicated.add(id);
    const say = () =>
      `The id ${formatValue(op.result)} was given out twice: by ${describeOp(history, before.event)} ` +
      `and by ${describeOp(history, op.event)}.`;
    findings.add('duplicated', [before.event, op.event], say);
  }
  const counts = { attempted: operations.length, acknowledged, distinct: first.size };
  const vacuous = acknowledged < 2 ? ['fewer than two ids were generated'] : [];
  return findings.verdict('unique-ids', { counts, vacuous });
}
