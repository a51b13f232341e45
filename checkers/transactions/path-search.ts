import { type Graph, type Orders, REALTIME, RW, SESSION, VIA } from './graph.ts';
import type { Steps } from './steps.ts';

/** One step of a cycle, between transactions. */
export interface CycleEdge {
  readonly from: number;
  readonly to: number;
  /** Any kind of edge but `VIA`. */
  readonly kind: number;
  readonly witness: number;
}

/** Which walks count. */
export interface Walk extends Orders {
  /**
   * The kinds of edge that no anti-dependency may follow directly. `RW` itself for snapshot isolation, whose cycles have
   * no two of them next to each other (Fekete et al. 2005); 0 for no such rule.
   */
  readonly blocks: number;
}

/**
 * Shortest walks between transactions by breadth-first search. A state is a node with whether the walk came to
 * it by an edge that no anti-dependency may follow. One search touches no memory but that
 * of the states it reaches, so that many searches may share the object.
 */
export class PathSearch {
  private readonly graph: Graph;
  private readonly seen: Int32Array;
  private readonly parent: Int32Array;
  /** The edge that led to a state; negative for the implicit ones, `-SESSION` and `-REALTIME`. */
  private readonly via: Int32Array;
  private readonly queue: Int32Array;
  private epoch = 0;

  constructor(graph: Graph) {
    this.graph = graph;
    const states = graph.size * 2;
    this.seen = new Int32Array(states);
    this.parent = new Int32Array(states);
    this.via = new Int32Array(states);
    this.queue = new Int32Array(states + 1);
  }

  /**
   * The shortest walk of 1 to `limit` edges from `start`, to which an edge of kind `incoming` led, to `end`, which may be
   * the same transaction. Undefined when there is none, or the steps ran out.
   */
  shortest(
    start: number,
    end: number,
    walk: Walk,
    limit: number,
    incoming: number,
    steps: Steps,
  ): CycleEdge[] | undefined {
    const { graph, seen, parent, via, queue } = this;
    const { txnCount, first, to, kind, next, after } = graph;
    const epoch = ++this.epoch;
    const kinds = walk.kinds | VIA;
    const { blocks } = walk;
    const junctions: number[] = [];
    /** All transactions from here on have been reached by real time. */
    let reachedFrom = txnCount;
    let goalFrom = -1;
    let goalVia = 0;
    // The origin isn't marked as seen: a walk may come back to it.
    const origin = start * 2 + ((incoming & blocks) === 0 ? 0 : 1);
    queue[0] = origin;
    let head = 0;
    let tail = 1;
    for (let depth = 0; depth < limit && head < tail && goalFrom < 0 && !steps.exhausted; depth++) {
      for (const levelEnd = tail; head < levelEnd && goalFrom < 0; ) {
        expand(queue[head++]!);
        while (junctions.length > 0 && goalFrom < 0) expand(junctions.pop()!);
      }
    }
    return goalFrom < 0 ? undefined : this.trace(goalFrom, goalVia, origin, end);

    function expand(state: number): void {
      const v = state >> 1;
      const blocked = (state & 1) === 1;
      steps.spend(first[v + 1]! - first[v]! + 1);
      for (let e = first[v]!; e < first[v + 1]!; e++) {
        const k = kind[e]!;
        if ((k & kinds) === 0 || (k === RW && blocked)) continue;
        reach(to[e]! * 2 + (k === VIA ? state & 1 : (k & blocks) === 0 ? 0 : 1), state, e);
      }
      if (walk.session && next[v]! >= 0) reach(next[v]! * 2, state, -SESSION);
      if (!walk.realtime || after[v]! >= reachedFrom) return;
      steps.spend(reachedFrom - after[v]!);
      for (let w = after[v]!; w < reachedFrom; w++) reach(w * 2, state, -REALTIME);
      reachedFrom = after[v]!;
    }

    function reach(state: number, from: number, edge: number): void {
      if (seen[state] === epoch || goalFrom >= 0) return;
      // Coming back to the beginning of an anti-dependency, the walk must end with an edge that one may follow.
      if (state === end * 2) {
        goalFrom = from;
        goalVia = edge;
        return;
      }
      seen[state] = epoch;
      if (state === origin) return;
      parent[state] = from;
      via[state] = edge;
      if (state >= txnCount * 2) junctions.push(state);
      else queue[tail++] = state;
    }
  }

  private trace(goalFrom: number, goalVia: number, origin: number, end: number): CycleEdge[] {
    const { graph } = this;
    const walk: CycleEdge[] = [];
    let state = goalFrom;
    let edge = goalVia;
    let target = end;
    for (;;) {
      const junction = edge >= 0 && graph.kind[edge] === VIA;
      if (!junction) {
        const from = state >> 1;
        if (edge >= 0)
          walk.push({ from, to: target, kind: graph.kind[edge]!, witness: graph.witness[edge]! });
        else walk.push({ from, to: target, kind: -edge, witness: -1 });
        target = from;
      }
      if (state === origin) return walk.reverse();
      edge = this.via[state]!;
      state = this.parent[state]!;
    }
  }
}
