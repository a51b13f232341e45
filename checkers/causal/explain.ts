import { describeOp, list } from '../describe.ts';
import type { CausalOrder } from './causal-order.ts';
import type { Sessions } from './sessions.ts';

/**
 * Operations that show why `a` happened before `b`, both included: each comes before the next in one session, or its
 * value is read by the next. Goes back from `b` to the first read of its session that had heard of `a`.
 */
export function causalPath(order: CausalOrder, a: number, b: number): number[] {
  const { session, start, writer } = order.sessions;
  const path = [b];
  let at = b;
  while (session[at] !== session[a]) {
    let low = start[session[at]!]!;
    let high = at;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order.covers(middle, a)) high = middle;
      else low = middle + 1;
    }
    if (low !== at) path.unshift(low);
    at = writer[low]!;
    path.unshift(at);
  }
  if (at !== a) path.unshift(a);
  return path;
}

/** The path as a clause: `process 0's write(...), then in the same process write(...), whose value ... read`. */
export function describePath(sessions: Sessions, path: readonly number[]): string {
  const clauses = path.map((op, i) => {
    const phrase = describe(sessions, op);
    if (i === 0) return phrase;
    const before = path[i - 1]!;
    const followed = sessions.session[before] === sessions.session[op] && sessions.writer[op] !== before;
    return followed ? `after which ${phrase} followed` : `whose value ${phrase} returned`;
  });
  return clauses.join(', ');
}

export function describe(sessions: Sessions, op: number): string {
  return describeOp(sessions.history, sessions.event[op]!);
}

export function eventsOf(sessions: Sessions, ops: readonly number[]): number[] {
  return ops.map((op) => sessions.event[op]!);
}

/** `A before B, B before C and C before A`. */
export function circle(sessions: Sessions, pairs: readonly (readonly [number, number])[]): string {
  return list(pairs.map(([a, b]) => `${describe(sessions, a)} before ${describe(sessions, b)}`));
}
