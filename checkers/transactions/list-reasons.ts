import type { Reason, Reasons } from './cycle-story.ts';
import { externalLength, type ListVersions } from './list-versions.ts';
import { firstWrite, type Transactions } from './micro-operations.ts';
import type { CycleEdge } from './path-search.ts';
import { keyText, readText, txnName, valueText } from './wording.ts';
import type { WriteIndex } from './write-index.ts';

/** How dependencies between transactions on lists are told. */
export function listReasons(txns: Transactions, writes: WriteIndex, versions: ListVersions): Reasons {
  const { position, longest, first } = versions;
  const name = (t: number) => txnName(txns, t);
  return { ww, wr, rw, missed, wrote };

  function ww(edge: CycleEdge): Reason {
    const key = txns.opKey[edge.witness]!;
    const [early, late] = neighbours(edge, key);
    const shownBy = longest[key]!;
    return {
      text:
        `${name(edge.to)} appended ${valueText(txns, late)} to ${keyText(txns, late)} after ${name(edge.from)} ` +
        `appended ${valueText(txns, early)}, as ${name(txns.opTxn[shownBy]!)} shows, which ${readText(txns, shownBy)}.`,
      shownBy: [txns.opTxn[shownBy]!],
    };
  }

  /** Appends of the two transactions to a key of which the second comes right after the first, if any do. */
  function neighbours({ from, to }: CycleEdge, key: number): readonly [number, number] {
    for (let i = first[key]!; i + 1 < first[key + 1]!; i++) {
      const [a, b] = [versions.writer[i]!, versions.writer[i + 1]!];
      if (a >= 0 && b >= 0 && txns.opTxn[a] === from && txns.opTxn[b] === to) return [a, b];
    }
    return [firstWrite(txns, from, key), firstWrite(txns, to, key)];
  }

  function wr({ from, to, witness }: CycleEdge): Reason {
    const length = externalLength(txns, writes, versions, witness);
    const element = JSON.stringify(txns.lists[witness]![length - 1]);
    return {
      text: `${name(to)} ${readText(txns, witness)}, of which ${element} is ${name(from)}'s.`,
      shownBy: [],
    };
  }

  function rw({ from, to, witness }: CycleEdge): Reason {
    return {
      text: `${name(from)} ${readText(txns, witness)}, without ${name(to)}'s append of ${valueText(txns, overlooked(to, witness))}.`,
      shownBy: [],
    };
  }

  function missed({ to, witness }: CycleEdge): { did: string; saw: string } {
    const append = overlooked(to, witness);
    const never = position[append]! < 0 ? ', and no read ever saw it' : '';
    return {
      did: `${name(to)}'s append of ${valueText(txns, append)} to ${keyText(txns, append)}`,
      saw: `${readText(txns, witness)} without it${never}`,
    };
  }

  function wrote(t: number, o: number): string {
    return `appended ${valueText(txns, overlooked(t, o))} to ${keyText(txns, o)}`;
  }

  /** The first append of `t` that read `o` doesn't show. */
  function overlooked(t: number, o: number): number {
    const key = txns.opKey[o]!;
    for (let p = txns.firstOp[t]!; p < txns.firstOp[t + 1]!; p++) {
      const append = txns.opKey[p] === key && firstWrite(txns, t, key) <= p && isUnseen(p, o);
      if (append) return p;
    }
    return firstWrite(txns, t, key);
  }

  function isUnseen(p: number, o: number): boolean {
    return txns.lists[p] === undefined && (position[p]! < 0 || position[p]! >= txns.opValue[o]!);
  }
}
