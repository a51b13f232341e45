import type { History } from '../../../histories/history.ts';
import { FAIL } from '../../../histories/op.ts';
import type { Anomaly } from '../../checker.ts';
import { describeOp, formatValue, list, ofKey } from '../../describe.ts';
import type { AnomalyName } from '../../glossary/anomalies.ts';
import { identity } from '../../identity.ts';
import { NEVER } from '../intervals.ts';
import type { Chains, ClusterViolation } from './chains.ts';
import { CAS, READ, type RegisterOperations, WRITE } from './encode.ts';
import type { Covered } from './failed-cas.ts';
import type { ChainOrder, Zone, ZoneViolation } from './zones.ts';

export type RegisterViolation = ClusterViolation | ZoneViolation | Covered;

/** A register and everything needed to talk about it. */
export interface Evidence {
  readonly history: History;
  /** The beginning of the register's history that shows the violation, and all of it. */
  readonly ops: RegisterOperations;
  readonly whole: RegisterOperations;
  readonly chains: Chains;
  readonly values: readonly unknown[];
}

/** Says in words why `violation` breaks linearizability, with the fewest events that prove it. */
export function proveRegister(evidence: Evidence, violation: RegisterViolation): Anomaly {
  switch (violation.kind) {
    case 'thin-air':
    case 'future':
      return withoutSource(evidence, violation.reader);
    case 'double-cas':
      return doubleCas(evidence, violation.first, violation.second);
    case 'cycle':
      return casCycle(evidence, violation.clusters);
    case 'chain-order':
      return chainOrder(evidence, violation);
    case 'overlap':
      return overlap(evidence, violation.a, violation.b);
    case 'covered':
      return coveredCas(evidence, violation);
  }
}

/**
 * The event that stands for operation `op` in a proof: its completion, or its invocation when it has none.
 */
function eventOf({ ops }: Evidence, op: number): number {
  return ops.ret[op] === NEVER ? ops.call[op]! : ops.ret[op]!;
}

function say({ history, ops }: Evidence, op: number): string {
  return describeOp(history, ops.call[op]!);
}

function value({ values }: Evidence, id: number): string {
  return formatValue(values[id]);
}

function anomaly(
  evidence: Evidence,
  kind: AnomalyName,
  ops: readonly number[],
  sentences: readonly string[],
): Anomaly {
  const events = [...new Set(ops.filter((op) => op >= 0))].map((op) => eventOf(evidence, op));
  const { key } = evidence.ops;
  return { kind, message: sentences.join(' '), ops: events, ...(key === undefined ? {} : { key }) };
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** A value that was not written yet, or never. */
function withoutSource(evidence: Evidence, reader: number): Anomaly {
  const { history, ops, whole, values } = evidence;
  const id = ops.value[reader]!;
  const saw = `${capital(say(evidence, reader))} found the value ${value(evidence, id)}${ofKey(ops.key)}`;
  const event = eventOf(evidence, reader);
  const key = ops.key === undefined ? {} : { key: ops.key };
  const writer = whole.call[writerOf(whole, id)];
  if (writer !== undefined) {
    const message = `${saw} and was over before ${describeOp(history, writer)} began, the only operation that wrote it.`;
    return { kind: 'future-read', message, ops: [event, writer], ...key };
  }
  const failed = failedWrite(evidence, values[id]);
  if (failed < 0)
    return { kind: 'thin-air-read', message: `${saw}, which nobody ever wrote.`, ops: [event], ...key };
  const message = `${saw}, which only ${describeOp(history, failed)} tried to write, and that surely had no effect.`;
  return { kind: 'failed-write-read', message, ops: [failed, event], ...key };
}

/** The operation that may have installed the value, or -1. */
function writerOf({ kind, value, next }: RegisterOperations, id: number): number {
  return kind.findIndex((k, i) => (k === WRITE && value[i] === id) || (k === CAS && next[i] === id));
}

/** The completion of a failed operation that would have installed `wanted`, or -1. */
function failedWrite({ history, ops }: Evidence, wanted: unknown): number {
  const name = identity(wanted);
  for (let i = 0; i < history.length; i++) {
    if (history.type[i] !== FAIL || history.pair[i]! < 0) continue;
    const call = history.pair[i]!;
    if (history.key(call) !== ops.key || history.fName(call) === 'read') continue;
    const argument = history.value(call);
    const installed = history.fName(call) === 'cas' && Array.isArray(argument) ? argument[1] : argument;
    if (identity(installed) === name) return i;
  }
  return -1;
}

function doubleCas(evidence: Evidence, first: number, second: number): Anomaly {
  const id = evidence.ops.value[first]!;
  const writer = evidence.chains.writer[evidence.chains.ofValue[id]!]!;
  const once =
    writer < 0
      ? `${value(evidence, id)} was there only at the start`
      : `${value(evidence, id)} was written only once, by ${say(evidence, writer)}`;
  return anomaly(
    evidence,
    'lost-update',
    [writer, first, second],
    [
      `${capital(say(evidence, first))} and ${say(evidence, second)} both found ${value(evidence, id)} and replaced it.`,
      `But ${once}: whichever came second can't have found it.`,
    ],
  );
}

function casCycle(evidence: Evidence, clusters: readonly number[]): Anomaly {
  const ops = clusters.map((c) => evidence.chains.writer[c]!);
  return anomaly(evidence, 'cas-cycle', ops, [
    `Each of these needs the value that another of them installs: ${list(ops.map((op) => say(evidence, op)))}.`,
    'None of them can have come first.',
  ]);
}

/** The compare-and-sets that lead from cluster `from` of a chain to a later one. */
function linksBetween({ chains }: Evidence, from: number, to: number): number[] {
  const links: number[] = [];
  for (let c = to; c !== from; c = chains.previous[c]!) links.push(chains.writer[c]!);
  return links.reverse();
}

function chainOrder(evidence: Evidence, { early, from, late, to }: ChainOrder): Anomaly {
  const { chains } = evidence;
  const links = linksBetween(evidence, to, from);
  const old = value(evidence, chains.value[to]!);
  const replaced = `the value ${old} was replaced by ${list(links.map((op) => say(evidence, op)))}`;
  const seen = links.includes(early)
    ? ', which'
    : `, and ${say(evidence, early)}, which found the new value,`;
  return anomaly(
    evidence,
    evidence.ops.kind[late] === READ ? 'stale-read' : 'nonlinearizable',
    [...links, early, late],
    [
      `${capital(replaced)}${seen} was over before ${say(evidence, late)} began.`,
      `Yet that one still found ${old}, which was written only once.`,
    ],
  );
}

/** The zone whose operation was invoked last is the old one: that operation is the one to blame. */
function overlap(evidence: Evidence, x: Zone, y: Zone): Anomaly {
  const { call } = evidence.ops;
  const [old, young] = call[x.last]! > call[y.last]! ? [x, y] : [y, x];
  const shortOld = shortened(evidence, old, young);
  return broken(evidence, shortOld, shortened(evidence, young, shortOld));
}

/** The zone with both its operations on the same value, if such are enough to contradict `other`. */
function shortened({ ops, chains }: Evidence, zone: Zone, other: Zone): Zone {
  const { firstCluster, lastCluster } = zone;
  if (firstCluster === lastCluster) return zone;
  const first = chains.first[lastCluster]!;
  if (ops.ret[first]! < ops.call[other.last]!) return { ...zone, first, firstCluster: lastCluster };
  const last = chains.last[firstCluster]!;
  const over = other.first < 0 ? -1 : ops.ret[other.first]!;
  return last >= 0 && ops.call[last]! > over ? { ...zone, last, lastCluster: firstCluster } : zone;
}

/** The old chain came first, then the young one, and then `old.last` shows the old chain again. */
function broken(evidence: Evidence, old: Zone, young: Zone): Anomaly {
  const { kind } = evidence.ops;
  const before = value(evidence, evidence.chains.value[old.lastCluster]!);
  const after = value(evidence, evidence.chains.value[young.firstCluster]!);
  const stale = kind[old.last] === READ;
  const links = [...chainLinks(evidence, old), ...chainLinks(evidence, young)];
  const proof = [old.first, young.last, young.first, old.last, ...links];
  const then = young.first === young.last ? 'that one' : say(evidence, young.first);
  const sentences = [
    firstHalf(evidence, old, young),
    `But ${then} was over before ${say(evidence, old.last)} began,`,
    stale ? `which still found ${before}.` : `so ${before} came after ${after} as well.`,
    ...(links.length === 0 ? [] : [linkSentence(evidence, links)]),
    ...writers(evidence, [old, young], proof),
  ];
  return anomaly(evidence, stale ? 'stale-read' : 'nonlinearizable', proof, sentences);
}

function firstHalf(evidence: Evidence, old: Zone, young: Zone): string {
  const early = value(evidence, evidence.chains.value[old.firstCluster]!);
  const late = value(evidence, evidence.chains.value[young.lastCluster]!);
  if (old.first < 0) {
    return `The register${ofKey(evidence.ops.key)} held ${early} at the start, before ${say(evidence, young.last)}.`;
  }
  return `${capital(say(evidence, old.first))} was over before ${say(evidence, young.last)} began, so ${early} came before ${late}.`;
}

function chainLinks(evidence: Evidence, { firstCluster, lastCluster }: Zone): number[] {
  const { chains } = evidence;
  for (let c = firstCluster; c >= 0; c = chains.next[c]!) {
    if (c === lastCluster) return linksBetween(evidence, firstCluster, lastCluster);
  }
  return linksBetween(evidence, lastCluster, firstCluster);
}

function linkSentence(evidence: Evidence, links: readonly number[]): string {
  return `Nothing comes between the value that one of these found and the one that it left: ${list(links.map((op) => say(evidence, op)))}.`;
}

/** Names the writers of values that the proof only shows being read, and adds them to it. */
function writers(evidence: Evidence, zones: readonly Zone[], proof: number[]): string[] {
  const sentences: string[] = [];
  for (const { firstCluster, lastCluster } of zones) {
    for (const cluster of new Set([firstCluster, lastCluster])) {
      const writer = evidence.chains.writer[cluster]!;
      if (writer < 0 || proof.includes(writer)) continue;
      proof.push(writer);
      sentences.push(
        `Only ${say(evidence, writer)} wrote ${value(evidence, evidence.chains.value[cluster]!)}.`,
      );
    }
  }
  return sentences;
}

function coveredCas(evidence: Evidence, { failed, before, after }: Covered): Anomaly {
  const [blamed, ...earlier] = failed as [number, ...number[]];
  const expected = value(evidence, evidence.ops.value[blamed]!);
  const since = before < 0 ? 'from the start' : `before it began, as ${say(evidence, before)} shows`;
  const sentences = [
    `${capital(say(evidence, blamed))} was refused, so the value wasn't ${expected} at some moment of it.`,
    after < 0
      ? `But ${expected} was there ${since}, and nothing else was written that could have replaced it by then.`
      : `But ${expected} was there ${since}, and was still there after it, as ${say(evidence, after)} shows.`,
    ...(earlier.length === 0
      ? []
      : [
          `It can't have come sooner, as ${list(earlier.map((op) => say(evidence, op)))} had been refused before it.`,
        ]),
  ];
  return anomaly(evidence, 'false-mismatch', [before, ...failed, after], sentences);
}
