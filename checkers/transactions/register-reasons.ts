import type { Reason, Reasons } from './cycle-story.ts';
import { isFinalWrite, type Transactions, WRITE } from './micro-operations.ts';
import type { CycleEdge } from './path-search.ts';
import { keyText, readText, txnName, valueText } from './wording.ts';

/** How dependencies between transactions on registers are told. */
export function registerReasons(txns: Transactions): Reasons {
  const name = (t: number) => txnName(txns, t);
  return { ww, wr, rw, missed, wrote };

  function ww({ from, to, witness }: CycleEdge): Reason {
    const key = txns.opKey[witness]!;
    const text = `${name(to)} wrote ${written(to, key)} to ${keyText(txns, witness)} after ${name(from)} wrote ${written(from, key)}.`;
    return { text, shownBy: [] };
  }

  function wr({ from, to, witness }: CycleEdge): Reason {
    return { text: `${name(to)} ${readText(txns, witness)}, which is ${name(from)}'s.`, shownBy: [] };
  }

  function rw({ from, to, witness }: CycleEdge): Reason {
    const value = written(to, txns.opKey[witness]!);
    return {
      text: `${name(from)} ${readText(txns, witness)}, which ${name(to)} overwrote with ${value}.`,
      shownBy: [],
    };
  }

  function missed({ to, witness }: CycleEdge): { did: string; saw: string } {
    return {
      did: `${name(to)}'s write of ${written(to, txns.opKey[witness]!)} to ${keyText(txns, witness)}`,
      saw: `${readText(txns, witness)}, which is older`,
    };
  }

  function wrote(t: number, o: number): string {
    return `wrote ${written(t, txns.opKey[o]!)} to ${keyText(txns, o)}`;
  }

  /** The last value that a transaction wrote to a key. */
  function written(t: number, key: number): string {
    for (let o = txns.firstOp[t]!; o < txns.firstOp[t + 1]!; o++) {
      if (txns.opKind[o] === WRITE && txns.opKey[o] === key && isFinalWrite(txns, o))
        return valueText(txns, o);
    }
    return '';
  }
}
