import type { History } from '../histories/history.ts';
import type { Key } from '../histories/op.ts';
import type { Checker, Verdict } from './checker.ts';
import { count, describeOp, formatTime, formatValue } from './describe.ts';
import { Findings } from './findings.ts';
import { type Operation, operationsByKey } from './operations.ts';
import { quantiles } from './quantiles.ts';
import { type Element, fateOf, followElements, knownBy, staleLatency } from './set-elements.ts';

export interface SetFullOptions {
  /** Whether an element must show from the moment that it is known; then stale reads are violations. Default false. */
  readonly linearizable?: boolean;
}

/**
 * Follows every element of a set (Jepsen's `set-full`). Operations: `add` (value: the element; key: which set, if there
 * are several) and `read` (completion value: the array of all elements).
 *
 * An element is known once its add was acknowledged or a read that saw it has completed. It is *lost* when a read that
 * began after that did not see it and no read that completed after that one's beginning did; *stale* when such a read
 * did see it again; *never-read* when no read tells. *duplicated*: twice in one read. *unexpected*: read though nobody
 * added it, its add surely failed, or its add had not begun. Staleness is a violation only when `linearizable`.
 */
export function setFull(options: SetFullOptions = {}): Checker {
  const linearizable = options.linearizable ?? false;
  return {
    name: 'set-full',
    about: 'follows each element of a set: lost, stale, duplicated, unexpected, never read',
    check: (history) => checkSets(history, linearizable),
  };
}

function checkSets(history: History, linearizable: boolean): Verdict {
  const findings = new Findings(history);
  const counts = { adds: 0, acknowledged: 0, reads: 0, stable: 0, neverRead: 0, stale: 0 };
  const latencies: number[] = [];
  const unfinished: (Key | undefined)[] = [];
  let sets = 0;
  for (const [key, ops] of operationsByKey(history, ['add', 'read'])) {
    sets++;
    for (const op of ops) {
      if (op.f === 'add') counts.adds++;
      else if (op.outcome === 'ok') counts.reads++;
    }
    for (const element of followElements(history, ops)) {
      if (element.ack !== undefined) counts.acknowledged++;
      reportWrongSights(history, findings, key, element);
      if (element.adds.length === 0) continue;
      const fate = fateOf(element);
      if (fate === 'lost') reportLost(history, findings, key, element);
      else if (fate === 'never-read') counts.neverRead++;
      else counts.stable++;
      const latency = staleLatency(element);
      if (fate !== 'stable' || latency === 0) continue;
      latencies.push(latency);
      if (linearizable) reportStale(history, findings, key, element, latency);
      else counts.stale++;
    }
    if (!hasFinalRead(ops)) unfinished.push(key);
  }
  const vacuous: string[] = [];
  if (sets === 0) vacuous.push('no add and no read');
  if (unfinished.length > 0) vacuous.push(describeUnfinished(unfinished, sets));
  return findings.verdict('set-full', { counts, vacuous, details: { staleLatency: quantiles(latencies) } });
}

function reportWrongSights(
  history: History,
  findings: Findings,
  key: Key | undefined,
  element: Element,
): void {
  const value = formatValue(element.value);
  const { duplicated, unexpected } = element;
  if (duplicated !== undefined) {
    const { read, times } = duplicated;
    const ops = [...element.adds.slice(0, 4).map((add) => add.event), read.event];
    const say = () => `${describeOp(history, read.event)} holds ${value} ${times} times.`;
    findings.add('duplicated', ops, say, key);
  }
  if (unexpected !== undefined) {
    const add = element.adds[0] ?? element.failed;
    const say = () => {
      const sight = `${describeOp(history, unexpected.event)} holds ${value}, `;
      if (add === undefined) return `${sight}which nobody added.`;
      const why = add === element.failed ? 'surely had no effect' : 'began only later';
      return `${sight}though ${describeOp(history, add.event)} ${why}.`;
    };
    findings.add(
      'unexpected',
      add === undefined ? [unexpected.event] : [add.event, unexpected.event],
      say,
      key,
    );
  }
}

function reportLost(history: History, findings: Findings, key: Key | undefined, element: Element): void {
  const missed = element.lastMissed!;
  const known = howKnown(history, element);
  const say = () =>
    `${known.sentence()}, yet ${describeOp(history, missed.event)}, which began after that, ` +
    `does not hold it, and no later read does: ${formatValue(element.value)} was lost.`;
  findings.add('lost', [...known.ops, missed.event], say, key);
}

function reportStale(
  history: History,
  findings: Findings,
  key: Key | undefined,
  element: Element,
  latency: number,
): void {
  const missed = element.lastMissed!;
  const seen = element.lastSeen!;
  const known = howKnown(history, element);
  const say = () =>
    `${known.sentence()}, yet ${describeOp(history, missed.event)}, which began ${formatTime(latency)} after ` +
    `that, does not hold it, though ${describeOp(history, seen.event)} does: the read that missed it was stale.`;
  findings.add('stale', [...known.ops, missed.event, seen.event], say, key);
}

function howKnown(history: History, element: Element): { ops: number[]; sentence: () => string } {
  const known = knownBy(element)!;
  if (known === element.ack) {
    return { ops: [known.event], sentence: () => `${describeOp(history, known.event)} was acknowledged` };
  }
  const add = element.adds[0]!;
  return {
    ops: [add.event, known.event],
    sentence: () =>
      `${describeOp(history, known.event)} saw the element of ${describeOp(history, add.event)}`,
  };
}

/** Whether a read began after every acknowledged add was acknowledged, and succeeded. */
function hasFinalRead(ops: readonly Operation[]): boolean {
  let lastAck = -1;
  let lastRead = -1;
  for (const op of ops) {
    if (op.outcome !== 'ok') continue;
    if (op.f === 'add') lastAck = Math.max(lastAck, op.end);
    else lastRead = op.begin;
  }
  return lastRead > lastAck;
}

function describeUnfinished(keys: readonly (Key | undefined)[], sets: number): string {
  const missing = 'no read succeeded that began after the last acknowledged add';
  if (sets === 1 && keys[0] === undefined) return missing;
  return `of ${keys.length} of ${count(sets, 'set')}, ${missing} (key ${formatValue(keys[0])} for one)`;
}
