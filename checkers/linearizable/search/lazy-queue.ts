import { formatValue } from '../../describe.ts';
import { NEVER } from '../intervals.ts';
import type { Model } from '../model.ts';

/** What an enqueue put in, and when: event indices. */
export interface Element {
  readonly call: number;
  /** `NEVER` when it may not have gone in. */
  readonly ret: number;
  readonly value: unknown;
  readonly id: unknown;
}

/** What may be in the queue. */
interface Contents {
  /** The numbers of the elements that were offered and not taken out yet, ascending. */
  readonly offered: readonly number[];
  /** Those of them that are surely in. */
  readonly inside: readonly number[];
  /** Dequeues without an answer that may still take something. */
  readonly takers: number;
}

/**
 * A FIFO queue that learns in which order its elements went in only when they come out. `offer` and `go-in` say that the
 * enqueue of an element has begun, and that it has ended; `take` takes an element of that identity, `take-unseen` too, as
 * often as `may-take` said.
 *
 * An element can come out next unless one that is still there was enqueued wholly before it. An order of coming out in
 * which that holds each time is an order in which all went in: each as soon as it could after those before it, and so
 * before its enqueue ended. Of equal elements the one whose enqueue ended first is taken, which leaves behind the one
 * that stands in the way of fewer. To take an element later than one could forbids nothing, so that the search need not
 * branch where one is offered or goes in; but for a dequeue that finds nothing, while nothing is surely inside.
 */
export function lazyQueue(elements: readonly Element[]): Model<Contents> {
  const next = (offered: readonly number[], id: unknown): number | undefined => {
    let barrier = NEVER;
    for (const element of offered) barrier = Math.min(barrier, elements[element]!.ret);
    let first: number | undefined;
    for (const element of offered) {
      const { call, ret, id: own } = elements[element]!;
      if (own !== id || call > barrier) continue;
      if (first === undefined || ret < elements[first]!.ret) first = element;
    }
    return first;
  };
  return {
    name: 'queue',
    init: () => ({ offered: [], inside: [], takers: 0 }),
    step(state, { f, argument }) {
      const { offered, inside, takers } = state;
      const number = argument as number;
      switch (f) {
        case 'offer':
          return { ...state, offered: [...offered, number] };
        case 'go-in':
          return offered.includes(number) ? { ...state, inside: [...inside, number] } : state;
        case 'may-take':
          return { ...state, takers: takers + 1 };
        case 'find-nothing':
          return inside.length === 0 ? state : undefined;
        default: {
          const unseen = f === 'take-unseen';
          const taken = next(offered, argument);
          if (taken === undefined || (unseen && takers === 0)) return undefined;
          const others = (all: readonly number[]) => all.filter((element) => element !== taken);
          return { offered: others(offered), inside: others(inside), takers: unseen ? takers - 1 : takers };
        }
      }
    },
    equal: (a, b) =>
      a.takers === b.takers && isSame(a.offered, b.offered) && a.inside.length === b.inside.length,
    hash: ({ offered, takers }) => `${takers} ${offered.join()}`,
    describe: ({ offered }) =>
      `{${offered.map((element) => formatValue(elements[element]!.value)).join(', ')}}`,
  };
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((element, i) => element === b[i]);
}
