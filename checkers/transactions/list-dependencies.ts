import type { Findings } from '../findings.ts';
import { Fan } from './fan.ts';
import { type Graph, GraphBuilder, GUESSED, RW, WR, WW } from './graph.ts';
import { elementWrite, externalLength, type ListVersions } from './list-versions.ts';
import { eventOf, events, firstWrite, READ, type Transactions, WRITE } from './micro-operations.ts';
import { sessionSuccessors } from './sessions.ts';
import { keyOf, keyText, readText, txnName, valueText } from './wording.ts';
import type { WriteIndex } from './write-index.ts';

/**
 * The dependencies between transactions on lists (Adya 1999, section 3.1). A committed append that the longest read
 * doesn't show comes after all that it shows, because lists only grow; among themselves such appends have no known order.
 */
export function listDependencies(
  txns: Transactions,
  writes: WriteIndex,
  versions: ListVersions,
  findings: Findings,
): Graph {
  const builder = new GraphBuilder(txns.size, edgesExpected(txns));
  const nextCommitted = versionOrder(txns, versions, builder);
  const tails = unseenAppends(txns, versions, builder);
  const { first, writer, ordered, committed } = versions;
  for (let o = 0; o < txns.opKind.length; o++) {
    if (txns.opKind[o] !== READ) continue;
    const reader = txns.opTxn[o]!;
    const length = externalLength(txns, writes, versions, o);
    const sourceWrite = length === 0 ? -1 : elementWrite(txns, writes, versions, o, length - 1);
    const source = sourceWrite < 0 ? -1 : txns.opTxn[sourceWrite]!;
    if (source >= 0 && committed[source] === 1) builder.edge(source, reader, WR, o);
    if (ordered[txns.opKey[o]!] === 0) continue;
    overwritten(o, reader, source, length);
  }
  return builder.build(sessionSuccessors(txns, committed), txns.after);

  /** Anti-dependencies of a read of the first `length` elements, whose last one `source` appended. */
  function overwritten(o: number, reader: number, source: number, length: number): void {
    const key = txns.opKey[o]!;
    const end = first[key + 1]!;
    let i = nextCommitted[first[key]! + length + key]!;
    // A read from the middle of `source` is an anomaly of its own (G1b), not a dependency on the rest of `source`.
    while (i < end && txns.opTxn[writer[i]!] === source) i = nextCommitted[i + 1 + key]!;
    if (i < end) {
      const overwriter = txns.opTxn[writer[i]!]!;
      builder.edge(reader, overwriter, RW, o);
      if (overwriter !== reader) checkLostUpdate(o, reader, writer[i]!);
      return;
    }
    const tail = tails.get(key);
    if (tail === undefined || (tail.members.size === 1 && tail.members.has(source))) return;
    tail.fan.edges(reader, RW, o);
    if (!tail.members.has(reader)) return;
    if (tail.updater < 0 || txns.opTxn[tail.updater] === reader) tail.updater = o;
    else lostUpdate(tail.updater, o, firstWrite(txns, reader, key));
  }

  /** `reader` read less than `other` made of the list; its own append must not come after that. */
  function checkLostUpdate(o: number, reader: number, other: number): void {
    const own = firstWrite(txns, reader, txns.opKey[o]!);
    if (own < 0 || (versions.position[own]! >= 0 && versions.position[own]! < versions.position[other]!))
      return;
    lostUpdate(other, o, own);
  }

  function lostUpdate(other: number, o: number, own: number): void {
    const members = [txns.opTxn[other]!, txns.opTxn[o]!];
    const wrote = txns.opKind[other] === WRITE ? other : firstWrite(txns, members[0]!, txns.opKey[o]!);
    findings.add(
      'lost-update',
      events(txns, members),
      () =>
        `${txnName(txns, members[1]!)} ${readText(txns, o)} and then appended ${valueText(txns, own)} to ` +
        `${keyText(txns, o)}, but in between ${txnName(txns, members[0]!)} appended ${valueText(txns, wrote)} to it: ` +
        'an update made without knowing of the other.',
      keyOf(txns, o),
    );
  }
}

/** Each read depends on a version and comes before the next; each version follows another. */
function edgesExpected({ opKind }: Transactions): number {
  let edges = 0;
  for (let o = 0; o < opKind.length; o++) edges += opKind[o] === READ ? 2 : 1;
  return edges;
}

/**
 * Edges between neighbours in each list, leaving out what was not committed. Returns the first committed version from
 * each place on, with one place more for each key than it has versions.
 */
function versionOrder(
  txns: Transactions,
  { first, writer, ordered, committed }: ListVersions,
  builder: GraphBuilder,
): Int32Array {
  const keys = first.length - 1;
  const nextCommitted = new Int32Array(writer.length + keys);
  for (let key = 0; key < keys; key++) {
    let following = first[key + 1]!;
    nextCommitted[following + key] = following;
    for (let i = first[key + 1]! - 1; i >= first[key]!; i--) {
      const write = writer[i]!;
      if (write >= 0 && committed[txns.opTxn[write]!] === 1) {
        if (following < first[key + 1]! && ordered[key] === 1) {
          const later = writer[following]!;
          builder.edge(txns.opTxn[write]!, txns.opTxn[later]!, WW, later);
        }
        following = i;
      }
      nextCommitted[i + key] = following;
    }
  }
  return nextCommitted;
}

interface Tail {
  readonly fan: Fan;
  readonly members: ReadonlySet<number>;
  /** The first read of the last known version by a transaction that then appended; -1 when there is none yet. */
  updater: number;
}

/** By key, the committed transactions with appends that no read shows, each after the last version that was read. */
function unseenAppends(txns: Transactions, versions: ListVersions, builder: GraphBuilder): Map<number, Tail> {
  const { first, writer, position, ordered, committed } = versions;
  const members = new Map<number, Set<number>>();
  for (let o = 0; o < txns.opKind.length; o++) {
    if (txns.opKind[o] !== WRITE || position[o]! >= 0 || committed[txns.opTxn[o]!] === 0) continue;
    const key = txns.opKey[o]!;
    if (ordered[key] === 0) continue;
    let unseen = members.get(key);
    if (unseen === undefined) members.set(key, (unseen = new Set()));
    unseen.add(txns.opTxn[o]!);
  }
  const tails = new Map<number, Tail>();
  for (const [key, unseen] of members) {
    const fan = new Fan(builder, [...unseen]);
    guessOrder(txns, key, [...unseen], builder);
    tails.set(key, { fan, members: unseen, updater: -1 });
    let last = first[key + 1]! - 1;
    while (last >= first[key]! && (writer[last]! < 0 || committed[txns.opTxn[writer[last]!]!] === 0)) last--;
    if (last >= first[key]!) fan.edges(txns.opTxn[writer[last]!]!, WW, writer[last]!);
  }
  return tails;
}

/** Most likely, appends that no read shows came in the order in which they were acknowledged. */
function guessOrder(txns: Transactions, key: number, unseen: number[], builder: GraphBuilder): void {
  unseen.sort((a, b) => eventOf(txns, a) - eventOf(txns, b));
  for (let i = 1; i < unseen.length; i++)
    builder.edge(unseen[i - 1]!, unseen[i]!, GUESSED, firstWrite(txns, unseen[i]!, key));
}
