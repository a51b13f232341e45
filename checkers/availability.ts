import type { History } from '../histories/history.ts';
import { NEMESIS } from '../histories/op.ts';
import type { Checker, Verdict } from './checker.ts';
import { count, describeOp } from './describe.ts';
import { type FaultSpan, faultsOf } from './fault-spans.ts';
import { goneForGood } from './faulty-nodes.ts';
import { Findings } from './findings.ts';
import { type Operation, operationsOf } from './operations.ts';

export interface AvailabilityOptions {
  /** Whether every operation on a node that is up must succeed; otherwise availability is only measured. */
  readonly demanded?: boolean;
}

/**
 * Availability as the CAP theorem has it (Gilbert and Lynch 2002): every request that a node which has not failed gets
 * is answered, whatever the network does. Where that is demanded, an operation that didn't succeed is *unavailable*,
 * unless its node was dead, paused or had trouble with its disk.
 *
 * Measures the share of operations that succeeded, on each side of partitions: an operation is on the majority's side
 * when its node and the nodes that it can exchange messages with, both ways, are more than half of all.
 */
export function availability({ demanded = false }: AvailabilityOptions = {}): Checker {
  return {
    name: 'availability',
    about:
      'which share of the operations succeeded on each side of a partition; all must where that is promised',
    check: (history) => checkAvailability(history, demanded),
  };
}

/** A node that was hurt has so long (ns) to come back: its process may die of it, and be started again. */
const CONVALESCENCE = 3_000_000_000;

const SIDES = ['whole', 'majority', 'minority'] as const;
type Side = (typeof SIDES)[number];

const WHERE: Readonly<Record<Side, string>> = {
  whole: 'while the network was whole',
  majority: "on the majority's side of a partition",
  minority: "on a minority's side of a partition",
};

function checkAvailability(history: History, demanded: boolean): Verdict {
  const findings = new Findings(history);
  const { spans } = faultsOf(history);
  const sideOf = sidesOf(history, spans);
  const gone = goneForGood(history);
  const ailments = spans
    .filter(({ kind }) => kind.startsWith('process/') || kind.startsWith('disk/'))
    // Who is dead for good no healing brings back.
    .map((span) =>
      span.kind === 'process/kill' && gone.has(span.node ?? '')
        ? { ...span, end: Number.POSITIVE_INFINITY }
        : span,
    );
  const tally = Object.fromEntries(SIDES.map((side) => [side, { operations: 0, ok: 0 }]));
  for (const op of operationsOf(history)) {
    const side = sideOf(op);
    const sum = tally[side]!;
    sum.operations++;
    if (op.outcome === 'ok') sum.ok++;
    else if (demanded && !ailments.some((span) => hurts(span, op)))
      findings.add('unavailable', [op.event], () => unavailable(history, op, side), op.key);
  }
  const seen = SIDES.filter((side) => tally[side]!.operations > 0);
  const counts = Object.fromEntries(
    seen.flatMap((side) => Object.entries(tally[side]!).map(([what, n]) => [`${side} ${what}`, n])),
  );
  const notes = seen.map((side) => {
    const { operations, ok } = tally[side]!;
    const share = Math.floor((100 * ok) / operations);
    return `${WHERE[side]} ${ok} of ${count(operations, 'operation')} succeeded (${share} %)`;
  });
  const verdict = findings.verdict('availability', { counts, vacuous: [], details: { sides: tally } });
  return { ...verdict, ...(demanded ? { property: 'liveness' as const } : {}), notes };
}

/** Whether the fault can be why the operation had no success. */
function hurts({ node, begin, end }: FaultSpan, op: Operation): boolean {
  return node === op.node && begin <= op.endTime && op.startTime < end + CONVALESCENCE;
}

function unavailable(history: History, op: Operation, side: Side): string {
  const error = history.error(op.event) ?? (Number.isFinite(op.endTime) ? 'unknown' : 'no answer');
  return `${describeOp(history, op.event)} had no success (${error}), though its node was up: it was asked ${WHERE[side]}.`;
}

type Grudge = Readonly<Record<string, readonly string[]>>;

/** On which side of the cuts that were there when it began each operation was. */
function sidesOf(history: History, spans: readonly FaultSpan[]): (op: Operation) => Side {
  const cuts = spans
    .filter(({ kind }) => kind === 'network/cut')
    .map(({ from, to }) => ({ from, to, grudge: (history.value(from) as { grudge: Grudge }).grudge }));
  const nodes = nodesOf(
    history,
    cuts.map(({ grudge }) => grudge),
  );
  const known = new Map<string, Side>();
  return ({ begin, node }) => {
    const now = cuts.filter(({ from, to }) => from < begin && begin < to);
    if (now.length === 0 || node === undefined) return 'whole';
    const name = `${node} ${now.map(({ from }) => from).join()}`;
    const side =
      known.get(name) ??
      sideUnder(
        now.map(({ grudge }) => grudge),
        nodes,
        node,
      );
    known.set(name, side);
    return side;
  };
}

function sideUnder(grudges: readonly Grudge[], nodes: readonly string[], node: string): Side {
  const hears = (to: string, from: string) => !grudges.some((grudge) => grudge[to]?.includes(from) ?? false);
  const within = nodes.filter((other) => other === node || (hears(node, other) && hears(other, node)));
  return 2 * within.length > nodes.length ? 'majority' : 'minority';
}

/** Every node that clients talked to or that a cut names. */
function nodesOf(history: History, grudges: readonly Grudge[]): string[] {
  const nodes = new Set<string>();
  for (let i = 0; i < history.length; i++) {
    const node = history.process[i] === NEMESIS ? undefined : history.node(i);
    if (node !== undefined) nodes.add(node);
  }
  for (const grudge of grudges)
    for (const [to, from] of Object.entries(grudge)) for (const node of [to, ...from]) nodes.add(node);
  return [...nodes];
}
