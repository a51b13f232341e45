import type { Key } from '../../histories/op.ts';
import { formatTime, formatValue } from '../describe.ts';
import { eventOf, type Transactions } from './micro-operations.ts';

/** `T14`: the transaction whose completion (or invocation, where there is none) is event 14. */
export function txnName(txns: Transactions, t: number): string {
  return `T${eventOf(txns, t)}`;
}

export function keyOf(txns: Transactions, o: number): Key | undefined {
  const key = txns.keyNames[txns.opKey[o]!];
  return typeof key === 'string' || typeof key === 'number' ? key : undefined;
}

/** The key of a micro-operation as text: `x`, `key 10`. */
export function keyText(txns: Transactions, o: number): string {
  const key = txns.keyNames[txns.opKey[o]!];
  return typeof key === 'string' && key !== '' ? key : `key ${formatValue(key)}`;
}

/** What a write wrote, or what a read of a register returned. */
export function valueText(txns: Transactions, o: number): string {
  return formatValue(txns.values.value(txns.opValue[o]!));
}

/** Elements at each end of a long list that are shown. */
const SHOWN = 5;

/** What a read returned. */
export function resultText(txns: Transactions, o: number): string {
  const list = txns.lists[o];
  if (list === undefined) return valueText(txns, o);
  const shown =
    list.length <= 2 * SHOWN + 2
      ? list.map((element) => formatValue(element))
      : [
          ...list.slice(0, SHOWN).map((element) => formatValue(element)),
          '...',
          ...list.slice(-SHOWN).map((element) => formatValue(element)),
        ];
  return `[${shown.join(', ')}]`;
}

/** `read x = [1, 2]`. */
export function readText(txns: Transactions, o: number): string {
  return `read ${keyText(txns, o)} = ${resultText(txns, o)}`;
}

/** When a transaction's client asked for it. */
export function beginText(txns: Transactions, t: number): string {
  return formatTime(txns.history.time[txns.invoke[t]!]!);
}

/** When a transaction's client was answered. */
export function endText(txns: Transactions, t: number): string {
  return formatTime(txns.history.time[txns.complete[t]!]!);
}
