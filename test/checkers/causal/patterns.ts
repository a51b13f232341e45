/**
 * The bad patterns of Bouajjani et al. (2017) as the paper states them, with relations as matrices: cubic and worse, for
 * histories too large to enumerate.
 */
import type { Small, SmallOp } from './random-registers.ts';

interface Op extends SmallOp {
  readonly session: number;
  readonly place: number;
}

type Relation = boolean[][];

export interface Patterns {
  readonly causal: boolean;
  readonly convergent: boolean;
  readonly memory: boolean;
  readonly pram: boolean;
}

/** Which levels a history without failed or unknown operations satisfies. */
export function patternsOf(small: Small): Patterns {
  const ops = small.flatMap((session, s) => session.map((op, place): Op => ({ ...op, session: s, place })));
  const sourceOf = ops.map((read) =>
    read.write ? -1 : ops.findIndex((op) => op.write && op.key === read.key && op.value === read.value),
  );
  if (ops.some((op, i) => !op.write && op.value !== 0 && sourceOf[i] === -1)) {
    return { causal: false, convergent: false, memory: false, pram: false };
  }
  const sessionOrder = relation(
    ops.length,
    (a, b) => ops[a]!.session === ops[b]!.session && ops[a]!.place < ops[b]!.place,
  );
  const co = close(
    union(
      sessionOrder,
      relation(ops.length, (a, b) => sourceOf[b] === a),
    ),
  );
  const causal = !cyclic(co) && ops.every((op, read) => op.write || upToDate(ops, sourceOf, co, read));
  const cf = relation(ops.length, (a, b) =>
    ops.some((op, read) => !op.write && sourceOf[read] === b && rivals(ops, a, b) && co[a]![read]!),
  );
  const sessions = small.map((_, p) => p);
  return {
    causal,
    convergent: causal && !cyclic(close(union(co, cf))),
    memory: causal && sessions.every((p) => hasView(ops, sourceOf, co, p, () => true)),
    pram: sessions.every((p) => {
      const own = relation(ops.length, (a, b) => sourceOf[b] === a && ops[b]!.session === p);
      return hasView(ops, sourceOf, union(sessionOrder, own), p, (op) => op.write || op.session === p);
    }),
  };
}

const rivals = (ops: readonly Op[], a: number, b: number): boolean =>
  a !== b && ops[a]!.write && ops[a]!.key === ops[b]!.key;

function upToDate(ops: readonly Op[], sourceOf: readonly number[], co: Relation, read: number): boolean {
  const source = sourceOf[read]!;
  return ops.every(
    (op, w) =>
      !op.write ||
      op.key !== ops[read]!.key ||
      w === source ||
      !co[w]![read]! ||
      (source >= 0 && !co[source]![w]!),
  );
}

/** The least relation that is closed under: a write before a read is before what it returned; no cycle, no initial read. */
function hasView(
  ops: readonly Op[],
  sourceOf: readonly number[],
  base: Relation,
  p: number,
  sees: (op: Op) => boolean,
): boolean {
  const last = ops.findLastIndex((op) => op.session === p);
  const order = close(base);
  // The view holds what came before the session's last operation; PRAM's view holds every write.
  const seen = ops.map((op, i) => sees(op) && (i === last || order[i]![last]! || op.session === p));
  let hb = relation(ops.length, (a, b) => seen[a]! && seen[b]! && order[a]![b]!);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [read, op] of ops.entries()) {
      if (op.write || op.session !== p) continue;
      for (let w = 0; w < ops.length; w++) {
        if (!ops[w]!.write || ops[w]!.key !== op.key || !hb[w]![read]! || w === sourceOf[read]) continue;
        if (sourceOf[read] === -1) return false;
        if (hb[w]![sourceOf[read]!]!) continue;
        hb[w]![sourceOf[read]!] = true;
        grown = true;
      }
    }
    hb = close(hb);
  }
  return !cyclic(hb);
}

function relation(n: number, holds: (a: number, b: number) => boolean): Relation {
  return Array.from({ length: n }, (_, a) => Array.from({ length: n }, (_, b) => holds(a, b)));
}

function union(r: Relation, s: Relation): Relation {
  return relation(r.length, (a, b) => r[a]![b]! || s[a]![b]!);
}

/** Transitive closure (Warshall 1962). */
function close(r: Relation): Relation {
  const out = r.map((row) => row.slice());
  for (let k = 0; k < out.length; k++) {
    for (let a = 0; a < out.length; a++) {
      if (out[a]![k]) for (let b = 0; b < out.length; b++) if (out[k]![b]) out[a]![b] = true;
    }
  }
  return out;
}

function cyclic(closed: Relation): boolean {
  return closed.some((row, a) => row[a]!);
}
