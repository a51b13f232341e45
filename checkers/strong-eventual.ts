import type { History } from '../histories/history.ts';
import type { Checker, Verdict } from './checker.ts';
import { AT_ONCE, type Deadline, tooEarly } from './deadline.ts';
import { type Delivered, deliveredOf } from './delivered.ts';
import { describeOp, formatValue, list, ofKey } from './describe.ts';
import { goneForGood } from './faulty-nodes.ts';
import { finalReadsOf, healingOf, placeOf } from './final-reads.ts';
import { Findings } from './findings.ts';
import { identity } from './identity.ts';
import { malformed } from './malformed.ts';
import { byKey, type Operation, operationsOf } from './operations.ts';

/**
 * Strong eventual consistency (Shapiro, Preguiça, Baquero and Zawirski, Conflict-free replicated data types, 2011).
 * Operations: `read` (completion value: `{ updates, state }`: names of all updates that the replica has delivered, in any
 * order, or a version vector `{ n1: 5, n2: 0 }` for `n1:1` to `n1:5`; and its state, in a form in which equal states are
 * equal JSON but for the order of an object's fields: a set is a sorted array). Every other operation is an update, whose
 * completion value is the name of the update, unique, or null, or an object with the name as its `update`. The key says
 * which object.
 *
 * *divergence*: two reads, at whatever times and replicas, with the same updates and different states (strong
 * convergence; safety). Once every update and every fault are over, in the last read of each replica: *undelivered*: an update
 * that was acknowledged, or that another replica has, is not there (eventual delivery; liveness).
 */
export function strongEventual(deadline: Deadline = AT_ONCE): Checker {
  return {
    name: 'strong-eventual',
    about: 'strong eventual consistency: replicas with the same updates have the same state, at all times',
    check: (history) => checkStrongEventual(history, deadline),
  };
}

/** A read, taken apart. */
interface Sight {
  readonly read: Operation;
  readonly updates: Delivered;
  readonly state: unknown;
}

function checkStrongEventual(history: History, deadline: Deadline): Verdict {
  const findings = new Findings(history);
  const healing = healingOf(history);
  const counts = { reads: 0, updates: 0, comparable: 0 };
  const silent = new Set<string>();
  let tooSoon = 0;
  for (const ops of byKey(operationsOf(history)).values()) {
    const reads = ops.filter((op) => op.f === 'read' && op.outcome === 'ok');
    const sights = new Map(reads.map((read) => [read, sightOf(history, read)]));
    counts.reads += reads.length;
    counts.updates += ops.filter((op) => op.f !== 'read' && op.outcome !== 'fail').length;
    counts.comparable += reportDivergence(history, findings, [...sights.values()]);
    const { byNode, early } = finalReadsOf(history, ops, healing, deadline.within);
    if (byNode.size === 0) tooSoon += early;
    for (const node of ops.map(placeOf)) if (!byNode.has(node)) silent.add(node);
    const finals = healing.faulty ? [] : [...byNode.values()].map((read) => sights.get(read)!);
    reportUndelivered(history, findings, ops, finals);
  }
  const details = { silentNodes: [...silent].sort() };
  const vacuous = [...whyVacuous(counts), ...tooEarly(tooSoon, deadline, 'final read')];
  return findings.verdict('strong-eventual', { counts, vacuous, details });
}

function whyVacuous({ reads, updates, comparable }: Readonly<Record<string, number>>): string[] {
  if (reads === 0) return ['no read succeeded'];
  if (updates === 0) return ['no update'];
  return comparable === 0 ? ['no two replicas were ever read with the same updates'] : [];
}

function sightOf(history: History, read: Operation): Sight {
  const value = read.result;
  const told = typeof value === 'object' && value !== null && 'updates' in value && 'state' in value;
  const updates = told ? deliveredOf(value.updates) : undefined;
  if (updates === undefined) throw malformed(history, read.event, 'an object { updates: [...], state }');
  return { read, updates, state: (value as { state: unknown }).state };
}

/** The name of an update that was acknowledged; null where it has none. */
function nameOf({ result }: Operation): unknown {
  const named = typeof result === 'object' && result !== null && 'update' in result;
  return (named ? result.update : result) ?? null;
}

/** Returns how many reads could be compared with one of another replica. */
function reportDivergence(history: History, findings: Findings, sights: readonly Sight[]): number {
  const first = new Map<string, Sight>();
  let comparable = 0;
  for (const sight of sights) {
    const other = first.get(sight.updates.key);
    if (other === undefined) {
      first.set(sight.updates.key, sight);
      continue;
    }
    if (placeOf(other.read) !== placeOf(sight.read)) comparable++;
    if (canonical(other.state) === canonical(sight.state)) continue;
    const say = () => {
      const n = sight.updates.size;
      const same =
        n === 0 ? 'no update at all' : n === 1 ? 'the very same update' : `the very same ${n} updates`;
      return (
        `${nodesOf(other, sight)} delivered ${same}${ofKey(sight.read.key)}, but the states differ, ` +
        `${formatValue(other.state)} and ${formatValue(sight.state)}: see ${describeOp(history, other.read.event)} and ` +
        `${describeOp(history, sight.read.event)}.`
      );
    };
    findings.add('divergence', [other.read.event, sight.read.event], say, sight.read.key);
  }
  return comparable;
}

function nodesOf(a: Sight, b: Sight): string {
  const [one, two] = [placeOf(a.read), placeOf(b.read)];
  return one === two ? `${one} had twice` : `${one} and ${two} had both`;
}

/** The JSON of a value with the fields of each object in one order. */
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

/** For each update that must be everywhere in the end: whether it is. */
function reportUndelivered(
  history: History,
  findings: Findings,
  ops: readonly Operation[],
  finals: readonly Sight[],
): void {
  const sources = new Map<unknown, { readonly update: unknown; readonly op: Operation }>();
  // What only a replica had that has crashed for good is lost with it: delivery is owed between those that live.
  const gone = goneForGood(history);
  for (const op of ops) {
    const kept = op.f !== 'read' && op.outcome === 'ok' && !gone.has(placeOf(op));
    const update = kept ? nameOf(op) : null;
    if (update !== null) sources.set(identity(update), { update, op });
  }
  for (const { read, updates } of finals) {
    for (const update of updates.latest) {
      const id = identity(update);
      if (!sources.has(id)) sources.set(id, { update, op: read });
    }
  }
  for (const [id, { update, op }] of sources) {
    const without = finals.filter(({ updates }) => !updates.has(id));
    if (without.length === 0) continue;
    const nodes = list(without.map(({ read }) => placeOf(read)));
    const last = without[0]!.read;
    const say = () => {
      const known =
        op.f === 'read'
          ? `${describeOp(history, op.event)} holds the update ${formatValue(update)}`
          : `${describeOp(history, op.event)} was acknowledged as the update ${formatValue(update)}`;
      return (
        `${known}, but once every update and every fault were over it never reached ${nodes}: see ` +
        `${describeOp(history, last.event)}.`
      );
    };
    findings.add('undelivered', [op.event, last.event], say, op.key);
  }
}
