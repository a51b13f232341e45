import type { Cycle } from './cycles.ts';
import { COMMIT, REALTIME, RW, SESSION, WR, WW } from './graph.ts';
import { events, type Transactions } from './micro-operations.ts';
import type { CycleEdge } from './path-search.ts';
import { beginText, endText, readText, txnName } from './wording.ts';

/** Why one transaction depends on another, in words, and which third transactions show it. */
export interface Reason {
  readonly text: string;
  readonly shownBy: readonly number[];
}

/** How a workload tells its dependencies. */
export interface Reasons {
  ww(edge: CycleEdge): Reason;
  wr(edge: CycleEdge): Reason;
  rw(edge: CycleEdge): Reason;
  /** An anti-dependency of `edge.from` on something `edge.to` did before: "... read x = [1, 2] without it". */
  missed(edge: CycleEdge): { readonly did: string; readonly saw: string };
  /** What transaction `t` did to the key of read `o`: "appended 4 to x". */
  wrote(t: number, o: number): string;
}

export interface Story {
  readonly message: string;
  /** Event indices of the transactions that prove it. */
  readonly ops: readonly number[];
}

/** What people call each kind of cycle. */
const LEADS: Readonly<Record<string, string>> = {
  G0: 'Writes in a circle',
  G1c: 'Information flows in a circle',
  'G-single-item': 'Read skew',
  'G-nonadjacent-item': 'A long fork',
  'prefix-violation': 'A long fork',
  'PRAM-violation': 'Other sessions seen in the wrong order',
  'lost-update': 'A lost update',
  'update-atomic-violation': 'A transaction overwrote what it had not seen',
  'G-update': 'Write skew or the like',
  'G2-item': 'Write skew or the like',
};

export function leadOf(kind: string): string {
  return LEADS[kind.replace(/-(process|realtime)$/, '')] ?? kind;
}

/** Tells a cycle step by step. */
export function tellCycle(txns: Transactions, { kind, edges }: Cycle, reasons: Reasons): Story {
  const steps = edges.map((edge) => reasonOf(txns, edge, reasons));
  const members = [...edges.map((edge) => edge.from), ...steps.flatMap(({ shownBy }) => shownBy)];
  const stale = staleRead(txns, edges, reasons);
  if (stale !== undefined) return storyOf(txns, stale, members);
  const first = txnName(txns, edges[0]!.from);
  const told = steps.map(({ text }) => text).join(' ');
  const close = `So ${first} must come before itself: no order of these transactions works.`;
  return storyOf(txns, `${leadOf(kind)}. ${told} ${close}`, members);
}

export function storyOf(txns: Transactions, message: string, members: readonly number[]): Story {
  return { message, ops: events(txns, members) };
}

/** Why one transaction comes before another, in a sentence. */
export function reasonOf(txns: Transactions, edge: CycleEdge, reasons: Reasons): Reason {
  if (edge.kind === WW) return reasons.ww(edge);
  if (edge.kind === WR) return reasons.wr(edge);
  if (edge.kind === RW) return reasons.rw(edge);
  const [from, to] = [txnName(txns, edge.from), txnName(txns, edge.to)];
  if (edge.kind === COMMIT) {
    const reader = txnName(txns, txns.opTxn[edge.witness]!);
    return {
      text: `${reader} ${readText(txns, edge.witness)} of ${to} after ${from}, which ${reasons.wrote(edge.from, edge.witness)}: so ${from} came before ${to}.`,
      shownBy: [txns.opTxn[edge.witness]!],
    };
  }
  const why =
    edge.kind === SESSION
      ? `process ${processOf(txns, edge.from)} ran them in that order`
      : `it was acknowledged at ${endText(txns, edge.from)}, and ${to} began at ${beginText(txns, edge.to)}`;
  return { text: `${from} came before ${to}: ${why}.`, shownBy: [] };
}

function processOf(txns: Transactions, t: number): number {
  return txns.history.process[txns.invoke[t]!]!;
}

/** The plain words for the commonest cycle: something acknowledged, and a later transaction that did not see it. */
export function staleRead(
  txns: Transactions,
  edges: readonly CycleEdge[],
  reasons: Reasons,
): string | undefined {
  if (edges.length !== 2) return undefined;
  const missed = edges.find((edge) => edge.kind === RW);
  const order = edges.find((edge) => edge.kind === SESSION || edge.kind === REALTIME);
  if (missed === undefined || order === undefined) return undefined;
  const { did, saw } = reasons.missed(missed);
  const reader = txnName(txns, missed.from);
  const [done, begun] = [endText(txns, missed.to), beginText(txns, missed.from)];
  const who =
    order.kind === SESSION
      ? `, of the same process ${processOf(txns, missed.from)} and begun at ${begun},`
      : `, which began at ${begun},`;
  return `${did} was acknowledged at ${done}, but ${reader}${who} ${saw}.`;
}
