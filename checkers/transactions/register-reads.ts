import { FAIL, INFO, OK } from '../../histories/op.ts';
import type { Findings } from '../findings.ts';
import type { AnomalyName } from '../glossary/anomalies.ts';
import { events, firstWrite, isFinalWrite, READ, type Transactions, WRITE } from './micro-operations.ts';
import { INITIAL, NONE, type ReadsFrom } from './reads-from.ts';
import { NIL } from './value-ids.ts';
import { keyOf, keyText, readText, txnName, valueText } from './wording.ts';
import type { WriteIndex } from './write-index.ts';

/** Who wrote what each read of a register returned, and everything that single reads show to be wrong. */
export function registerReads(txns: Transactions, writes: WriteIndex, findings: Findings): ReadsFrom {
  const { opKind, opKey, opValue, opTxn, status } = txns;
  const source = new Int32Array(opKind.length).fill(NONE);
  const committed = new Uint8Array(txns.size);
  for (let t = 0; t < txns.size; t++) if (status[t] === OK) committed[t] = 1;
  for (let o = 0; o < opKind.length; o++) {
    if (opKind[o] !== READ) continue;
    const own = previousOnKey(txns, o);
    const write = opValue[o] === NIL ? INITIAL : writes.find(opKey[o]!, opValue[o]!);
    if (own >= 0 && opValue[own] !== opValue[o]) internal(txns, own, o, findings);
    if (opValue[o] === NIL) source[o] = INITIAL;
    else if (write < 0) {
      report(
        'garbage-read',
        [opTxn[o]!],
        o,
        () => `but nobody ever wrote ${valueText(txns, o)} to ${keyText(txns, o)}.`,
      );
    } else if (opTxn[write] === opTxn[o]) {
      if (write > o) {
        report('future-read', [opTxn[o]!], o, () => 'but it wrote that only after the read.');
      }
    } else if (status[opTxn[write]!] === FAIL) {
      const writer = opTxn[write]!;
      report(
        'G1a',
        [writer, opTxn[o]!],
        o,
        () => `which ${txnName(txns, writer)} wrote, which failed and so should have left no trace.`,
      );
    } else {
      source[o] = write;
      if (status[opTxn[write]!] === INFO) committed[opTxn[write]!] = 1;
      if (!isFinalWrite(txns, write)) intermediate(txns, write, o, findings);
    }
  }
  return { source, committed };

  function report(kind: AnomalyName, members: readonly number[], o: number, rest: () => string): void {
    const message = () => `${txnName(txns, opTxn[o]!)} ${readText(txns, o)}, ${rest()}`;
    findings.add(kind, events(txns, members), message, keyOf(txns, o));
  }
}

/** The last micro-operation on the same key before `o` in its transaction, or -1. */
function previousOnKey({ firstOp, opTxn, opKey }: Transactions, o: number): number {
  const start = firstOp[opTxn[o]!]!;
  let p = o - 1;
  while (p >= start && opKey[p] !== opKey[o]) p--;
  return p >= start ? p : -1;
}

function internal(txns: Transactions, before: number, o: number, findings: Findings): void {
  const t = txns.opTxn[o]!;
  const did =
    txns.opKind[before] === WRITE ? `written ${valueText(txns, before)} to it` : readText(txns, before);
  findings.add(
    'internal',
    events(txns, [t]),
    () => `${txnName(txns, t)} ${readText(txns, o)}, though it had ${did} before in the same transaction.`,
    keyOf(txns, o),
  );
}

function intermediate(txns: Transactions, write: number, o: number, findings: Findings): void {
  const members = [txns.opTxn[write]!, txns.opTxn[o]!];
  let later = write + 1;
  while (txns.opKind[later] !== WRITE || txns.opKey[later] !== txns.opKey[write]) later++;
  findings.add(
    'G1b',
    events(txns, members),
    () =>
      `${txnName(txns, members[0]!)} wrote ${valueText(txns, write)} and then ${valueText(txns, later)} to ` +
      `${keyText(txns, o)}, but ${txnName(txns, members[1]!)} ${readText(txns, o)}, a state from the middle of ` +
      `${txnName(txns, members[0]!)}.`,
    keyOf(txns, o),
  );
}

/** Transactions that read the same version of a key and then both overwrote it, whatever the order of their writes. */
export function registerLostUpdates(
  txns: Transactions,
  { source, committed }: ReadsFrom,
  findings: Findings,
): void {
  const { opKind, opKey, opTxn } = txns;
  const firstUpdate = new Int32Array(opKind.length).fill(-1);
  const firstOfInitial = new Int32Array(txns.keyNames.length).fill(-1);
  for (let o = 0; o < opKind.length; o++) {
    if (source[o] === NONE || opKind[o] !== READ) continue;
    const own = firstWrite(txns, opTxn[o]!, opKey[o]!);
    if (own < 0 || committed[opTxn[o]!] === 0) continue;
    const column = source[o] === INITIAL ? firstOfInitial : firstUpdate;
    const slot = source[o] === INITIAL ? opKey[o]! : source[o]!;
    const earlier = column[slot]!;
    if (earlier < 0) column[slot] = o;
    else if (opTxn[earlier] !== opTxn[o]) {
      const members = [opTxn[earlier]!, opTxn[o]!];
      findings.add(
        'lost-update',
        events(txns, members),
        () =>
          `${txnName(txns, members[0]!)} and ${txnName(txns, members[1]!)} both ${readText(txns, o)} and then wrote ` +
          `${valueText(txns, firstWrite(txns, members[0]!, opKey[o]!))} and ${valueText(txns, own)} to it: whichever came ` +
          'second was made without knowing of the other.',
        keyOf(txns, o),
      );
    }
  }
}
