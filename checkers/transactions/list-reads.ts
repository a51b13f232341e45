import { FAIL } from '../../histories/op.ts';
import type { Findings } from '../findings.ts';
import type { AnomalyName } from '../glossary/anomalies.ts';
import { identity } from '../identity.ts';
import { elementWrite, externalLength, isPrefix, type ListVersions } from './list-versions.ts';
import { events, isFinalWrite, READ, type Transactions, WRITE } from './micro-operations.ts';
import { keyOf, keyText, readText, txnName, valueText } from './wording.ts';
import type { WriteIndex } from './write-index.ts';

/** Everything that single reads of lists show to be wrong, without looking at any order between transactions. */
export function checkListReads(
  txns: Transactions,
  writes: WriteIndex,
  versions: ListVersions,
  findings: Findings,
): void {
  const suspects = suspiciousKeys(txns, versions);
  for (let o = 0; o < txns.opKind.length; o++) {
    if (txns.opKind[o] !== READ) continue;
    checkAgainstOwn(txns, o, findings);
    checkIntermediate(txns, writes, versions, o, findings);
    if (versions.compatible[o] === 0) {
      incompatibleOrder(txns, versions, o, findings);
      checkProgramOrder(txns, writes, versions, o, findings);
      checkElements(txns, writes, versions, o, findings);
    } else if (versions.longest[txns.opKey[o]!] === o) {
      checkProgramOrder(txns, writes, versions, o, findings);
      if (suspects[txns.opKey[o]!] === 0) continue;
      checkElements(txns, writes, versions, o, findings);
      dirtyUpdates(txns, versions, o, findings);
    }
  }
}

/** Keys whose longest read shows an element twice, or one that was not committed. */
function suspiciousKeys(txns: Transactions, { first, writer, position }: ListVersions): Uint8Array {
  const suspects = new Uint8Array(first.length - 1);
  for (let key = 0; key + 1 < first.length; key++) {
    for (let i = first[key]!; i < first[key + 1]!; i++) {
      const write = writer[i]!;
      if (write < 0 || position[write] !== i - first[key]! || txns.status[txns.opTxn[write]!] === FAIL) {
        suspects[key] = 1;
      }
    }
  }
  return suspects;
}

/** Elements of one transaction in another order than it appended them, or with one left out before another. */
function checkProgramOrder(
  txns: Transactions,
  writes: WriteIndex,
  versions: ListVersions,
  o: number,
  findings: Findings,
): void {
  const { opTxn, opKind, opKey, firstOp } = txns;
  for (let i = 0; i < txns.opValue[o]!; i++) {
    const write = elementWrite(txns, writes, versions, o, i);
    if (write < 0) continue;
    let before = write - 1;
    while (before >= firstOp[opTxn[write]!]! && (opKind[before] !== WRITE || opKey[before] !== opKey[o]))
      before--;
    if (before < firstOp[opTxn[write]!]!) continue;
    let shown = false;
    for (let p = i - 1; p >= 0 && !shown; p--) shown = elementWrite(txns, writes, versions, o, p) === before;
    if (shown) continue;
    const members = [opTxn[write]!, opTxn[o]!];
    findings.add(
      'internal',
      events(txns, members),
      () =>
        `${txnName(txns, members[0]!)} appended ${valueText(txns, before)} and then ${valueText(txns, write)} to ` +
        `${keyText(txns, o)}, but ${txnName(txns, members[1]!)} ${readText(txns, o)}, where that order isn't kept.`,
      keyOf(txns, o),
    );
  }
}

/** Elements that stand twice, that nobody appended, or whose append failed. */
function checkElements(
  txns: Transactions,
  writes: WriteIndex,
  versions: ListVersions,
  o: number,
  findings: Findings,
): void {
  const reader = txns.opTxn[o]!;
  const list = txns.lists[o]!;
  const seen = new Set<unknown>();
  for (let i = 0; i < list.length; i++) {
    const write = elementWrite(txns, writes, versions, o, i);
    const element = JSON.stringify(list[i]);
    const told = () => `${txnName(txns, reader)} ${readText(txns, o)}`;
    const same = identity(list[i]);
    if (seen.has(same)) {
      const ops = write < 0 ? [reader] : [txns.opTxn[write]!, reader];
      const by = write < 0 ? '' : `, though ${txnName(txns, txns.opTxn[write]!)} appended it once`;
      add('duplicate-elements', ops, () => `${told()}, in which ${element} stands twice${by}.`);
    } else if (write < 0) {
      add(
        'garbage-read',
        [reader],
        () => `${told()}, but nobody ever appended ${element} to ${keyText(txns, o)}.`,
      );
    } else if (txns.status[txns.opTxn[write]!] === FAIL) {
      const writer = txns.opTxn[write]!;
      const shown = firstReadOf(txns, versions, o, i);
      add(
        'G1a',
        [writer, txns.opTxn[shown]!],
        () =>
          `${txnName(txns, txns.opTxn[shown]!)} ${readText(txns, shown)}, in which ${element} was appended by ` +
          `${txnName(txns, writer)}, which failed and so should have left no trace.`,
      );
    }
    seen.add(same);
  }

  function add(kind: AnomalyName, members: readonly number[], message: () => string): void {
    findings.add(kind, events(txns, members), message, keyOf(txns, o));
  }
}

/** The first read that shows element `i` of what read `o`, the longest of its key, returned. */
function firstReadOf(txns: Transactions, versions: ListVersions, o: number, i: number): number {
  if (versions.compatible[o] === 0) return o;
  for (let p = 0; p < o; p++) {
    const shows = txns.opKind[p] === READ && txns.opKey[p] === txns.opKey[o] && txns.opValue[p]! > i;
    if (shows && versions.compatible[p] === 1) return p;
  }
  return o;
}

/** A committed append on top of a failed one: the failed transaction's effect lives on in what was committed. */
function dirtyUpdates(
  txns: Transactions,
  { first, writer, committed }: ListVersions,
  o: number,
  findings: Findings,
): void {
  const key = txns.opKey[o]!;
  let dirty = -1;
  for (let i = first[key]!; i < first[key + 1]!; i++) {
    const write = writer[i]!;
    if (write < 0) continue;
    const t = txns.opTxn[write]!;
    if (txns.status[t] === FAIL) dirty = write;
    else if (dirty >= 0 && committed[t] === 1) {
      const under = dirty;
      const members = [txns.opTxn[under]!, t, txns.opTxn[o]!];
      findings.add(
        'dirty-update',
        events(txns, members),
        () =>
          `${txnName(txns, t)} appended ${valueText(txns, write)} to ${keyText(txns, o)} on top of ` +
          `${valueText(txns, under)}, which ${txnName(txns, members[0]!)} had appended and which failed: ` +
          `${txnName(txns, members[2]!)} ${readText(txns, o)}.`,
        keyOf(txns, o),
      );
      dirty = -1;
    }
  }
}

/** A read of a state that its writer overwrote within the same transaction. */
function checkIntermediate(
  txns: Transactions,
  writes: WriteIndex,
  versions: ListVersions,
  o: number,
  findings: Findings,
): void {
  const length = externalLength(txns, writes, versions, o);
  const write = length === 0 ? -1 : elementWrite(txns, writes, versions, o, length - 1);
  if (write < 0 || isFinalWrite(txns, write)) return;
  const writer = txns.opTxn[write]!;
  if (txns.status[writer] === FAIL) return;
  const reader = txns.opTxn[o]!;
  let later = write + 1;
  while (txns.opKind[later] !== WRITE || txns.opKey[later] !== txns.opKey[write]) later++;
  findings.add(
    'G1b',
    events(txns, [writer, reader]),
    () =>
      `${txnName(txns, writer)} appended ${valueText(txns, write)} and then ${valueText(txns, later)} to ` +
      `${keyText(txns, o)}, but ${txnName(txns, reader)} ${readText(txns, o)}, a state from the middle of ` +
      `${txnName(txns, writer)}.`,
    keyOf(txns, o),
  );
}

function incompatibleOrder(
  txns: Transactions,
  { longest }: ListVersions,
  o: number,
  findings: Findings,
): void {
  const other = longest[txns.opKey[o]!]!;
  const members = [txns.opTxn[other]!, txns.opTxn[o]!];
  findings.add(
    'incompatible-order',
    events(txns, members),
    () =>
      `${txnName(txns, members[0]!)} ${readText(txns, other)}, but ${txnName(txns, members[1]!)} ${readText(txns, o)}: ` +
      'neither is the beginning of the other, so the list did not grow in one order.',
    keyOf(txns, o),
  );
}

/** What a transaction reads against what it itself read and appended before, and appends later. */
function checkAgainstOwn(txns: Transactions, o: number, findings: Findings): void {
  const t = txns.opTxn[o]!;
  const { firstOp, opKey, opKind, lists } = txns;
  const list = lists[o]!;
  const own: unknown[] = [];
  let before = -1;
  for (let p = o - 1; p >= firstOp[t]! && before < 0; p--) {
    if (opKey[p] !== opKey[o]) continue;
    if (opKind[p] === READ) before = p;
    else own.unshift(txns.values.value(txns.opValue[p]!));
  }
  const kept = list.length - own.length;
  const explained =
    kept >= 0 &&
    own.every((element, i) => identity(element) === identity(list[kept + i])) &&
    (before < 0 || (lists[before]!.length === kept && isPrefix(lists[before]!, list)));
  if (!explained) {
    const expected =
      before < 0 ? `appended ${JSON.stringify(own)} itself` : `${readText(txns, before)} before`;
    const appended = before >= 0 && own.length > 0 ? ` and appended ${JSON.stringify(own)}` : '';
    findings.add(
      'internal',
      events(txns, [t]),
      () =>
        `${txnName(txns, t)} ${readText(txns, o)}, though it had ${expected}${appended} in the same transaction.`,
      keyOf(txns, o),
    );
  }
  for (let p = o + 1; p < firstOp[t + 1]!; p++) {
    if (opKind[p] !== WRITE || opKey[p] !== opKey[o]) continue;
    const later = txns.values.value(txns.opValue[p]!);
    if (!list.some((element) => element === later || identity(element) === identity(later))) continue;
    findings.add(
      'future-read',
      events(txns, [t]),
      () =>
        `${txnName(txns, t)} ${readText(txns, o)}, but it appended ${valueText(txns, p)} only after that read.`,
      keyOf(txns, o),
    );
  }
}
