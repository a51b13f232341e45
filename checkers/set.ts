import type { History } from '../histories/history.ts';
import type { Key } from '../histories/op.ts';
import type { Checker, Verdict } from './checker.ts';
import { describeOp, formatValue, ofKey } from './describe.ts';
import { Findings } from './findings.ts';
import { identity } from './identity.ts';
import { malformed } from './malformed.ts';
import { type Operation, operationsByKey } from './operations.ts';

/**
 * Elements that go into a set must be there at the end (Jepsen's `set`). Operations: `add` (value: the element; key: which
 * set) and `read` (completion value: the array of all elements), of which only the last that succeeded counts.
 *
 * *lost*: the add was acknowledged before the read began, and the read lacks the element; *unexpected*: the read holds what
 * nobody added, or only an add that surely failed or began later. Elements whose adds have unknown outcome may be there.
 */
export function set(): Checker {
  return {
    name: 'set',
    about: 'the last read of a set holds every acknowledged element and no other',
    check: checkSet,
  };
}

function checkSet(history: History): Verdict {
  const findings = new Findings(history);
  const counts = { adds: 0, acknowledged: 0, ok: 0, recovered: 0 };
  const vacuous: string[] = [];
  let sets = 0;
  for (const [key, ops] of operationsByKey(history, ['add', 'read'])) {
    sets++;
    const adds = ops.filter((op) => op.f === 'add');
    counts.adds += adds.length;
    counts.acknowledged += adds.filter((op) => op.outcome === 'ok').length;
    const last = ops.findLast((op) => op.f === 'read' && op.outcome === 'ok');
    if (last === undefined) {
      vacuous.push(`no read${ofKey(key)} ever succeeded`);
      continue;
    }
    const held = elementsOf(history, last);
    reportLost(history, findings, key, adds, last, held);
    const fate = reportUnexpected(history, findings, key, adds, last, held);
    counts.ok += fate.ok;
    counts.recovered += fate.recovered;
  }
  if (sets === 0) vacuous.push('no add and no read');
  return findings.verdict('set', { counts, vacuous });
}

function elementsOf(history: History, read: Operation): Map<unknown, unknown> {
  const value = read.result ?? [];
  if (!Array.isArray(value)) throw malformed(history, read.event, 'an array of elements');
  return new Map(value.map((element: unknown) => [identity(element), element]));
}

function reportLost(
  history: History,
  findings: Findings,
  key: Key | undefined,
  adds: readonly Operation[],
  last: Operation,
  held: ReadonlyMap<unknown, unknown>,
): void {
  for (const add of adds) {
    if (add.outcome !== 'ok' || add.end > last.begin || held.has(identity(add.argument))) continue;
    const say = () =>
      `${describeOp(history, add.event)} was acknowledged, but the last read, ${describeOp(history, last.event)}, ` +
      `does not hold ${formatValue(add.argument)}.`;
    findings.add('lost', [add.event, last.event], say, key);
  }
}

function reportUnexpected(
  history: History,
  findings: Findings,
  key: Key | undefined,
  adds: readonly Operation[],
  last: Operation,
  held: ReadonlyMap<unknown, unknown>,
): { ok: number; recovered: number } {
  const best = new Map<unknown, Operation>();
  const rank = (add: Operation): number =>
    add.begin > last.end ? 0 : { fail: 0, info: 1, ok: 2 }[add.outcome];
  for (const add of adds) {
    const id = identity(add.argument);
    const before = best.get(id);
    if (before === undefined || rank(add) > rank(before)) best.set(id, add);
  }
  const fate = { ok: 0, recovered: 0 };
  for (const [id, element] of held) {
    const add = best.get(id);
    if (add !== undefined && rank(add) > 0) {
      fate[add.outcome === 'ok' ? 'ok' : 'recovered']++;
      continue;
    }
    const say = () => {
      const sight = `The last read, ${describeOp(history, last.event)}, holds ${formatValue(element)}, `;
      if (add === undefined) return `${sight}which nobody added.`;
      return `${sight}though ${describeOp(history, add.event)} ${add.outcome === 'fail' ? 'surely had no effect' : 'began only later'}.`;
    };
    findings.add('unexpected', add === undefined ? [last.event] : [add.event, last.event], say, key);
  }
  return fate;
}
