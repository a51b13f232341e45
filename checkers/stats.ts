import type { History } from '../histories/history.ts';
import type { Checker, Verdict } from './checker.ts';
import { operationsOf } from './operations.ts';

interface Tally {
  ok: number;
  fail: number;
  info: number;
}

/**
 * Counts the clients' operations by function and outcome. Always valid; says that a pass is vacuous when there are no
 * operations, a function never once succeeded, or no successful read saw a value. Reads are `read` and the `r` of `txn`.
 */
export function stats(): Checker {
  return { name: 'stats', about: 'counts operations by function and outcome', check: checkStats };
}

function checkStats(history: History): Verdict {
  const total: Tally = { ok: 0, fail: 0, info: 0 };
  const byFunction = new Map<string, Tally>();
  let reads = 0;
  let sawValue = false;
  for (const op of operationsOf(history)) {
    const tally = byFunction.get(op.f) ?? { ok: 0, fail: 0, info: 0 };
    byFunction.set(op.f, tally);
    tally[op.outcome]++;
    total[op.outcome]++;
    if (op.outcome !== 'ok') continue;
    for (const value of valuesRead(op.f, op.result)) {
      reads++;
      sawValue ||= isSomething(value);
    }
  }
  const vacuous: string[] = [];
  if (byFunction.size === 0) vacuous.push('no client performed an operation');
  for (const [f, tally] of byFunction) if (tally.ok === 0) vacuous.push(`no ${f} ever succeeded`);
  if (reads > 0 && !sawValue) vacuous.push('no read ever saw a value');
  const counts: Record<string, number> = { ...total };
  for (const [f, tally] of byFunction) {
    for (const outcome of ['ok', 'fail', 'info'] as const) counts[`${f} ${outcome}`] = tally[outcome];
  }
  return {
    checker: 'stats',
    valid: true,
    anomalies: [],
    counts,
    vacuous,
    details: { byFunction: Object.fromEntries(byFunction) },
  };
}

function valuesRead(f: string, result: unknown): unknown[] {
  if (f === 'read') return [result];
  if (f !== 'txn' || !Array.isArray(result)) return [];
  return result.filter((micro) => Array.isArray(micro) && micro[0] === 'r').map((micro) => micro[2]);
}

function isSomething(value: unknown): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}
