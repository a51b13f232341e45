import { OK } from '../../histories/op.ts';
import type { Findings } from '../findings.ts';
import { components } from './components.ts';
import { GraphBuilder, WW } from './graph.ts';
import { events, isFinalWrite, READ, type Transactions, WRITE } from './micro-operations.ts';
import type { KnownOrder } from './order-problem.ts';
import { INITIAL, NONE, type ReadsFrom } from './reads-from.ts';
import { keyOf, keyText, readText, txnName, valueText } from './wording.ts';

/** What may be taken for granted about single registers, whatever the transactions do. */
export interface KeyAssumptions {
  /** Each register by itself is linearizable: its versions follow each other in real time. */
  readonly linearizableKeys?: boolean | undefined;
  /** Each register by itself is sequentially consistent: its versions follow each other for each process. */
  readonly sequentialKeys?: boolean | undefined;
}

/** What is known of the order of the versions of registers. */
export interface RegisterOrder {
  readonly isKnown: KnownOrder;
  /** Pairs of transactions of which the second wrote a newer version, with a write of the key; all others follow. */
  readonly pairs: readonly (readonly [older: number, newer: number, write: number])[];
}

/** The version orders that the assumptions imply. Keys for which they contradict themselves are reported and left out. */
export function registerOrder(
  txns: Transactions,
  readsFrom: ReadsFrom,
  { linearizableKeys, sequentialKeys }: KeyAssumptions,
  findings: Findings,
): RegisterOrder {
  const orders: RegisterOrder[] = [];
  if (linearizableKeys) orders.push(realTimeOrder(txns, readsFrom, findings));
  if (sequentialKeys) orders.push(processOrder(txns, readsFrom, findings));
  return {
    isKnown: (key, a, b) => orders.some((order) => order.isKnown(key, a, b)),
    pairs: orders.flatMap((order) => order.pairs),
  };
}

/** The version that micro-operation `o` read or left behind: a write, or `ops + key` for the initial one; -1 for none. */
function versionOf(txns: Transactions, { source, committed }: ReadsFrom, o: number): number {
  if (txns.opKind[o] === WRITE) return committed[txns.opTxn[o]!] === 1 && isFinalWrite(txns, o) ? o : -1;
  if (source[o] === NONE) return -1;
  return source[o] === INITIAL ? txns.opKind.length + txns.opKey[o]! : source[o]!;
}

/**
 * One version is older than another if somebody who wrote or read it was done before somebody began who wrote or read the
 * other. Two versions contradict each other exactly if each is older than the other, and a longer circle contains such
 * a pair (Gibbons and Korach 1997).
 */
function realTimeOrder(txns: Transactions, readsFrom: ReadsFrom, findings: Findings): RegisterOrder {
  const ops = txns.opKind.length;
  const firstEnd = new Float64Array(ops + txns.keyNames.length).fill(Number.POSITIVE_INFINITY);
  const lastBegin = new Float64Array(ops + txns.keyNames.length).fill(-1);
  const byKey: number[][] = txns.keyNames.map(() => []);
  for (let o = 0; o < ops; o++) {
    const version = versionOf(txns, readsFrom, o);
    if (version < 0) continue;
    const t = txns.opTxn[o]!;
    if (version === o) byKey[txns.opKey[o]!]!.push(o);
    if (txns.status[t] === OK && version < ops)
      firstEnd[version] = Math.min(firstEnd[version]!, txns.complete[t]!);
    lastBegin[version] = Math.max(lastBegin[version]!, txns.invoke[t]!);
  }
  const unusable = new Set<number>();
  const pairs: (readonly [number, number, number])[] = [];
  const isOlder = (a: number, b: number) => firstEnd[a]! < lastBegin[b]!;
  byKey.forEach((versions, key) => {
    versions.sort((a, b) => firstEnd[a]! - firstEnd[b]!);
    const clash = clashOf(versions, ops + key, firstEnd, lastBegin);
    if (clash !== undefined) {
      unusable.add(key);
      reportClash(txns, readsFrom, clash, isOlder, findings);
      return;
    }
    for (const newer of versions) {
      for (const older of nearestOlder(versions, newer, firstEnd, lastBegin)) {
        pairs.push([txns.opTxn[older]!, txns.opTxn[newer]!, newer]);
      }
    }
  });
  const finalWrite = (t: number, key: number) => {
    for (let o = txns.firstOp[t + 1]! - 1; o >= txns.firstOp[t]!; o--) {
      if (txns.opKind[o] === WRITE && txns.opKey[o] === key) return o;
    }
    return -1;
  };
  return {
    pairs,
    isKnown: (key, a, b) => !unusable.has(key) && isOlder(finalWrite(a, key), finalWrite(b, key)),
  };
}

/** Two versions of which each is older than the other; `versions` are sorted by their first end. */
function clashOf(
  versions: readonly number[],
  initial: number,
  firstEnd: Float64Array,
  lastBegin: Float64Array,
): readonly [number, number] | undefined {
  const first = versions[0];
  if (first !== undefined && firstEnd[first]! < lastBegin[initial]!) return [first, initial];
  /** Of those before, the one that somebody began with last. */
  let latest = -1;
  for (const version of versions) {
    // Ends after `latest` did and before it was last begun with; clashes if it was itself begun with after that end.
    if (latest >= 0 && firstEnd[version]! < lastBegin[latest]! && firstEnd[latest]! < lastBegin[version]!) {
      return [latest, version];
    }
    if (latest < 0 || lastBegin[version]! > lastBegin[latest]!) latest = version;
  }
  return undefined;
}

/** The older versions of which no other one that is older than `newer` is newer. */
function nearestOlder(
  versions: readonly number[],
  newer: number,
  firstEnd: Float64Array,
  lastBegin: Float64Array,
): number[] {
  let low = 0;
  let high = versions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (firstEnd[versions[middle]!]! < lastBegin[newer]!) low = middle + 1;
    else high = middle;
  }
  const out: number[] = [];
  let latestBegin = -1;
  for (let i = low - 1; i >= 0; i--) {
    const older = versions[i]!;
    if (older === newer) continue;
    if (firstEnd[older]! < latestBegin) break;
    out.push(older);
    latestBegin = Math.max(latestBegin, lastBegin[older]!);
  }
  return out;
}

function reportClash(
  txns: Transactions,
  readsFrom: ReadsFrom,
  [a, b]: readonly [number, number],
  isOlder: (a: number, b: number) => boolean,
  findings: Findings,
): void {
  const { ended: endedA, began: beganA } = extremes(txns, readsFrom, a);
  const { ended: endedB, began: beganB } = extremes(txns, readsFrom, b);
  const shows = (end: number, begin: number) =>
    `${did(txns, end)}, was done before ${did(txns, begin)}, began`;
  const proofs = [shows(endedA, beganB), ...(isOlder(b, a) ? [shows(endedB, beganA)] : [])];
  const ops = [endedA, beganB, ...(isOlder(b, a) ? [endedB, beganA] : [])];
  findings.add(
    'cyclic-versions',
    events(
      txns,
      ops.map((o) => txns.opTxn[o]!),
    ),
    () => `${keyText(txns, endedA)} is not linearizable by itself: ${proofs.join('; but ')}.`,
    keyOf(txns, endedA),
  );
}

/** Of all that touched a version, the micro-operation of who was done first, and of who began last. */
function extremes(
  txns: Transactions,
  readsFrom: ReadsFrom,
  version: number,
): { ended: number; began: number } {
  let ended = -1;
  let began = -1;
  for (let o = 0; o < txns.opKind.length; o++) {
    if (versionOf(txns, readsFrom, o) !== version) continue;
    const t = txns.opTxn[o]!;
    if (began < 0 || txns.invoke[t]! > txns.invoke[txns.opTxn[began]!]!) began = o;
    if (txns.status[t] !== OK) continue;
    if (ended < 0 || txns.complete[t]! < txns.complete[txns.opTxn[ended]!]!) ended = o;
  }
  return { ended, began };
}

function did(txns: Transactions, o: number): string {
  const name = txnName(txns, txns.opTxn[o]!);
  return txns.opKind[o] === READ
    ? `${name}, which ${readText(txns, o)}`
    : `${name}, which wrote ${valueText(txns, o)} to ${keyText(txns, o)}`;
}

/** One version is older than another if a process wrote or read it before it wrote or read the other. */
function processOrder(txns: Transactions, readsFrom: ReadsFrom, findings: Findings): RegisterOrder {
  const ops = txns.opKind.length;
  const builder = new GraphBuilder(ops + txns.keyNames.length);
  const pairs: (readonly [number, number, number])[] = [];
  const last = new Map<number, number>();
  for (let o = 0; o < ops; o++) {
    const version = versionOf(txns, readsFrom, o);
    if (version < 0) continue;
    const slot = txns.session[txns.opTxn[o]!]! * txns.keyNames.length + txns.opKey[o]!;
    const before = last.get(slot);
    last.set(slot, version);
    if (version < ops) builder.edge(ops + txns.opKey[o]!, version, WW, o);
    if (before === undefined || before === version) continue;
    builder.edge(before, version, WW, o);
    if (before < ops && version < ops) pairs.push([txns.opTxn[before]!, txns.opTxn[version]!, version]);
  }
  const size = ops + txns.keyNames.length;
  const graph = builder.build(new Int32Array(size).fill(-1), new Int32Array(size).fill(size));
  const unusable = new Set<number>();
  const keyOfVersion = (version: number) => (version < ops ? txns.opKey[version]! : version - ops);
  for (const circle of components(graph, { kinds: WW, session: false, realtime: false })) {
    const inside = new Set(circle);
    const shown = [...circle].flatMap((v) => {
      const found: number[] = [];
      for (let e = graph.first[v]!; e < graph.first[v + 1]!; e++) {
        if (inside.has(graph.to[e]!)) found.push(graph.witness[e]!);
      }
      return found;
    });
    unusable.add(keyOfVersion(circle[0]!));
    findings.add(
      'cyclic-versions',
      events(
        txns,
        shown.map((o) => txns.opTxn[o]!),
      ),
      () =>
        `${keyText(txns, shown[0]!)} is not sequentially consistent by itself: processes wrote or read its versions in ` +
        `contradicting orders, as ${shown.map((o) => did(txns, o)).join(', and ')}.`,
      keyOf(txns, shown[0]!),
    );
  }
  const usable = pairs.filter(([, , write]) => !unusable.has(txns.opKey[write]!));
  const known = new Set(usable.map(([a, b, write]) => `${txns.opKey[write]}:${a}:${b}`));
  return { pairs: usable, isKnown: (key, a, b) => known.has(`${key}:${a}:${b}`) };
}
