import type { Chains } from './chains.ts';
import { components } from './components.ts';
import { anyCycle } from './cycles.ts';
import { COMMIT, extendedWith, induced, type Part, WR, WW } from './graph.ts';
import type { Transactions } from './micro-operations.ts';
import { type ReadsFrom, sourceTxn } from './reads-from.ts';
import type { Steps } from './steps.ts';
import type { Views, WeakModel } from './visibility.ts';
import type { WeakViolation } from './weak-isolation.ts';
import type { WrittenKeys } from './written-keys.ts';

/** The part of a history within which weak models are checked by their definitions. */
export interface Among {
  readonly txns: Transactions;
  readonly readsFrom: ReadsFrom;
  readonly sessions: Chains;
  readonly written: WrittenKeys;
  readonly part: Part;
  /** Whether the order of a key's versions is known. */
  readonly isOrdered: (key: number) => boolean;
  readonly views: Views;
  /** Reads whose source is in the part. */
  readonly reads: readonly number[];
  /** Reads of initial versions. */
  readonly stale: readonly number[];
  readonly steps: Steps;
}

/** Violations of each kind that are told. */
export const TOLD = 10;

/** The violations of a model in which one order of commits must explain all that was read. */
export function commitViolations(model: WeakModel, among: Among): WeakViolation[] {
  const { txns, readsFrom, part, views, reads, steps } = among;
  const violations = staleReads(model, among);
  const local = localNumbers(part);
  const graph = extendedWith(part.graph, WW | WR, (edge) => {
    for (const read of reads) {
      if (steps.exhausted) break;
      const source = sourceTxn(txns, readsFrom, read);
      model.seen(views, read, (t) => {
        const place = local.get(t);
        if (t !== source && place !== undefined && isOther(among, t, read)) {
          edge(place, local.get(source)!, COMMIT, read);
        }
      });
    }
  });
  const orders = { kinds: WW | WR | COMMIT, session: model.order === 'session-commits', realtime: false };
  const tangles = components(graph, orders).sort((a, b) => a.length - b.length);
  for (const nodes of tangles.slice(0, Math.max(0, TOLD - violations.length))) {
    const sub = induced(graph, nodes);
    const whole = (v: number) => part.nodes[sub.nodes[v]!]!;
    const cycle = anyCycle(sub.graph, { ...orders, blocks: 0 }, steps) ?? [];
    const told = cycle.map((edge) => ({ ...edge, from: whole(edge.from), to: whole(edge.to) }));
    violations.push({ model, cycle: told });
  }
  return violations;
}

/** Reads of initial versions by transactions that had seen a write of the key. */
export function staleReads(model: WeakModel, among: Among): WeakViolation[] {
  const violations: WeakViolation[] = [];
  for (const read of among.stale) {
    if (violations.length >= TOLD || among.steps.exhausted) break;
    let missed = -1;
    model.seen(among.views, read, (t) => {
      if (missed < 0 && isOther(among, t, read)) missed = t;
    });
    if (missed >= 0) violations.push({ model, visible: missed, read });
  }
  return violations;
}

/** Whether `t` is another committed transaction that wrote the key of a read. */
export function isOther({ txns, readsFrom, written }: Among, t: number, read: number): boolean {
  return t !== txns.opTxn[read] && readsFrom.committed[t] === 1 && written.find(t, txns.opKey[read]!) >= 0;
}

export function localNumbers(part: Part): Map<number, number> {
  const local = new Map<number, number>();
  part.nodes.forEach((v, i) => {
    local.set(v, i);
  });
  return local;
}
