import type { History } from '../histories/history.ts';
import { describeOp } from './describe.ts';
import type { Findings } from './findings.ts';
import { malformed } from './malformed.ts';
import type { Operation } from './operations.ts';

/** An operation and the fencing token that it got or showed. */
interface Tokened {
  readonly op: Operation;
  readonly token: number;
}

/**
 * The fencing tokens of one lock: each grant has its own, later grants have higher ones, and the resource lets no write
 * pass after one with a higher token, as its answers tell or as the order of the operations does. A write of unknown
 * outcome proves nothing.
 */
export function checkTokens(history: History, findings: Findings, ops: readonly Operation[]): void {
  const acknowledged = ops.filter((op) => op.outcome === 'ok');
  const grants = acknowledged
    .filter((op) => op.f === 'acquire')
    .map((op) => ({ op, token: grantedToken(history, op) }));
  const writes = acknowledged
    .filter((op) => op.f === 'write')
    .map((op) => ({ op, token: shownToken(history, op) }));
  reportRepeated(history, findings, grants);
  eachOvertaken(grants, (higher, { op, token }) => {
    const say = () =>
      `${describeOp(history, op.event)} got the token ${token}, though ${describeOp(history, higher.op.event)} had ` +
      `got a higher one before: the resource will refuse the new holder and serve the old one.`;
    findings.add('token-order', [higher.op.event, op.event], say, op.key);
  });
  const told = reportToldByResource(history, findings, writes);
  eachOvertaken(writes, (higher, { op, token }) => {
    if (told.has(op)) return;
    const say = () =>
      `The resource let ${describeOp(history, op.event)} pass with the token ${token}, though it had seen ` +
      `the higher token ${higher.token} already, in ${describeOp(history, higher.op.event)}: ` +
      'a former holder of the lock wrote after its successor.';
    findings.add('stale-write', [higher.op.event, op.event], say, op.key);
  });
}

function grantedToken(history: History, op: Operation): number {
  const token = typeof op.result === 'number' ? op.result : numberIn(op.result, 'token');
  if (token === undefined) throw malformed(history, op.event, 'a fencing token, which is a number');
  return token;
}

function shownToken(history: History, op: Operation): number {
  const token = numberIn(op.argument, 'token');
  if (token === undefined) throw malformed(history, op.begin, 'an object with a number `token`');
  return token;
}

function numberIn(value: unknown, name: string): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = (value as Readonly<Record<string, unknown>>)[name];
  return typeof found === 'number' ? found : undefined;
}

/** The writes that the resource itself says it let pass after one with a higher token. */
function reportToldByResource(
  history: History,
  findings: Findings,
  writes: readonly Tokened[],
): Set<Operation> {
  const told = new Set<Operation>();
  for (const { op, token } of writes) {
    const after = numberIn(op.result, 'after');
    if (after === undefined || after <= token) continue;
    told.add(op);
    const before = writes.findLast((other) => other.token === after && other.op.begin < op.end)?.op;
    const say = () => {
      const where = before === undefined ? '' : `, as in ${describeOp(history, before.event)}`;
      return (
        `The resource let ${describeOp(history, op.event)} pass with the token ${token} right after a write with the ` +
        `higher token ${after}${where}: a former holder of the lock wrote after its successor.`
      );
    };
    findings.add('stale-write', before === undefined ? [op.event] : [before.event, op.event], say, op.key);
  }
  return told;
}

function reportRepeated(history: History, findings: Findings, grants: readonly Tokened[]): void {
  const first = new Map<number, Operation>();
  for (const { op, token } of grants) {
    const other = first.get(token);
    if (other === undefined) {
      first.set(token, op);
      continue;
    }
    const say = () =>
      `Two grants carry the token ${token}, so the resource can't tell their holders apart: ` +
      `${describeOp(history, other.event)} and ${describeOp(history, op.event)}.`;
    findings.add('repeated-token', [other.event, op.event], say, op.key);
  }
}

/** For each of these (in order of invocation): the one with the highest token that ended before it began, if that is higher. */
function eachOvertaken(all: readonly Tokened[], report: (higher: Tokened, lower: Tokened) => void): void {
  const byEnd = all.slice().sort((a, b) => a.op.end - b.op.end);
  let done = 0;
  let highest: Tokened | undefined;
  for (const each of all) {
    for (; byEnd[done]!.op.end < each.op.begin; done++)
      if (highest === undefined || byEnd[done]!.token > highest.token) highest = byEnd[done];
    if (highest !== undefined && highest.token > each.token) report(highest, each);
  }
}
