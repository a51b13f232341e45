import { describeOp } from '../describe.ts';
import type { Findings } from '../findings.ts';
import type { AnomalyName } from '../glossary/anomalies.ts';
import type { OrderStep } from './arbitration.ts';
import type { CausalOrder } from './causal-order.ts';
import { causalPath, describe, describePath, eventsOf } from './explain.ts';
import { INITIAL, type Sessions, type ThinAirRead } from './sessions.ts';
import type { StaleRead } from './stale-reads.ts';
import type { Viewless } from './view-orders.ts';
import type { Applied, ViewStep } from './view-proof.ts';

const key = (sessions: Sessions, op: number) => sessions.history.key(sessions.event[op]!);

export function reportThinAir(findings: Findings, { history }: Sessions, read: ThinAirRead): void {
  const say = () => {
    const sight = `${describeOp(history, read.event)} returned a value`;
    return read.failedWrite < 0
      ? `${sight} that nobody wrote.`
      : `${sight} whose only write, ${describeOp(history, read.failedWrite)}, surely had no effect.`;
  };
  const ops = read.failedWrite < 0 ? [read.event] : [read.failedWrite, read.event];
  findings.add('ThinAirRead', ops, say, read.key);
}

export function reportCausalCycle(findings: Findings, sessions: Sessions, cycle: readonly number[]): void {
  const around = [...cycle, cycle[0]!];
  const say = () =>
    `Each of these led to the next, and the last to the first: ${describePath(sessions, around)}.`;
  findings.add('CyclicCO', eventsOf(sessions, cycle), say);
}

export function reportStaleRead(
  findings: Findings,
  order: CausalOrder,
  { read, write, newer }: StaleRead,
): void {
  const { sessions } = order;
  const toRead = causalPath(order, newer, read);
  if (write === INITIAL) {
    const say = () =>
      `${describe(sessions, read)} saw no value, though a write had happened before it: ${describePath(sessions, toRead)}.`;
    findings.add('WriteCOInitRead', eventsOf(sessions, toRead), say, key(sessions, read));
    return;
  }
  const path = [...causalPath(order, write, newer), ...toRead.slice(1)];
  const say = () =>
    `${describe(sessions, read)} returned a value that had been replaced before it, as it should have known: ` +
    `${describePath(sessions, path)}.`;
  findings.add('WriteCORead', eventsOf(sessions, path), say, key(sessions, read));
}

export function reportArbitrationCycle(
  findings: Findings,
  sessions: Sessions,
  cycle: readonly OrderStep[],
): void {
  const say = () => {
    const steps = cycle.map(({ from, to, why, witness }) => {
      const order = `${describe(sessions, from)} comes before ${describe(sessions, to)}`;
      if (why === 'session') return `${order} in its process`;
      if (why === 'read') return `${order}, which returned its value`;
      return `${order}, as ${describe(sessions, witness)} knew of the first and returned the second`;
    });
    return `No order of the writes can please everybody: ${steps.join('; ')}; and so around.`;
  };
  const ops = cycle.flatMap(({ from, to, witness }) => (witness < 0 ? [from, to] : [from, to, witness]));
  findings.add('CyclicCF', eventsOf(sessions, ops), say);
}

/** `cycleKind` names a cycle among the writes that a session has to order. */
export function reportViewless(
  findings: Findings,
  sessions: Sessions,
  { session, violation }: Viewless,
  kind: AnomalyName,
): void {
  const who = `process ${sessions.history.process[sessions.event[sessions.start[session]!]!]}`;
  if (violation.kind === 'cycle') {
    const { steps } = violation;
    const say = () =>
      `No one order of the writes explains what ${who} read: ${tellSteps(sessions, steps)}; and each of these writes leads to the next, around.`;
    findings.add(kind, eventsOf(sessions, opsOfSteps(steps)), say, key(sessions, steps[0]!.read));
    return;
  }
  const { read, write } = violation;
  if (violation.kind === 'future') {
    const say = () =>
      `${describe(sessions, read)} returned a value that its own process wrote only later: ${describe(sessions, write)}.`;
    findings.add(kind, eventsOf(sessions, [write, read]), say, key(sessions, read));
    return;
  }
  const { applied } = violation;
  const say = () => {
    const why = applied.because.length === 0 ? '' : ` For ${tellSteps(sessions, applied.because)}.`;
    return (
      `${describe(sessions, read)} saw no value, though by then ${who} had to have applied ` +
      `${describe(sessions, write)}${shown(sessions, applied)}.${why}`
    );
  };
  const ops = [write, read, ...shownOps(applied), ...opsOfSteps(applied.because)];
  findings.add(kind, eventsOf(sessions, ops), say, key(sessions, read));
}

function tellSteps(sessions: Sessions, steps: readonly ViewStep[]): string {
  const tell = (step: ViewStep): string => {
    const why = step.because.length === 0 ? '' : ` (for ${tellSteps(sessions, step.because)})`;
    return (
      `when ${describe(sessions, step.read)} returned the value of ${describe(sessions, step.to)}, ` +
      `${describe(sessions, step.from)} had been applied${shown(sessions, step)}${why}, so that came before it`
    );
  };
  return steps.map(tell).join('; ');
}

function shown(sessions: Sessions, { shownBy }: Applied): string {
  return shownBy === undefined ? '' : `, as ${describe(sessions, shownBy)} shows`;
}

function shownOps({ shownBy }: Applied): number[] {
  return shownBy === undefined ? [] : [shownBy];
}

function opsOfSteps(steps: readonly ViewStep[]): number[] {
  return steps.flatMap((step) => [
    step.from,
    step.to,
    step.read,
    ...shownOps(step),
    ...opsOfSteps(step.because),
  ]);
}
