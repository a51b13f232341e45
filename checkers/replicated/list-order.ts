import { describeOp, formatValue, list } from '../describe.ts';
import { identity } from '../identity.ts';
import type { Case } from './judge.ts';
import { elementsOf, type Sight } from './sights.ts';

/**
 * `strong`: one order of all elements ever inserted, deleted ones too, explains every state. `weak`: two elements that are
 * seen together stand in the same order wherever they are seen together. (Attiya, Burckhardt, Gotsman, Morrison, Yang and
 * Zawirski, Specification and complexity of collaborative text editing, 2016: the strong and weak list specification.)
 */
export type ListLevel = 'weak' | 'strong';

/** Elements are numbered in the order in which they were first seen; with each pair, the first sight that shows it. */
class Orders {
  private readonly numbers = new Map<unknown, number>();
  readonly elements: unknown[] = [];
  /** Of `a`, what was seen behind it, and where. */
  readonly behind: Map<number, Sight>[] = [];

  number(element: unknown): number {
    const id = identity(element);
    let n = this.numbers.get(id);
    if (n === undefined) {
      n = this.elements.length;
      this.numbers.set(id, n);
      this.elements.push(element);
      this.behind.push(new Map());
    }
    return n;
  }
}

/** Reports the first states that contradict each other on the order of elements. */
export function judgeOrder(object: Case, level: ListLevel): void {
  const orders = new Orders();
  for (const sight of object.sights) {
    const row = [...new Set(elementsOf(object.history, sight).map((element) => orders.number(element)))];
    for (let i = 0; i < row.length; i++) {
      const behind = orders.behind[row[i]!]!;
      for (let j = i + 1; j < row.length; j++) {
        const other = orders.behind[row[j]!]!.get(row[i]!);
        if (other !== undefined) {
          reportReversal(object, orders.elements[row[i]!], orders.elements[row[j]!], other, sight);
          return;
        }
        if (!behind.has(row[j]!)) behind.set(row[j]!, sight);
      }
    }
  }
  if (level === 'strong') reportCycle(object, orders);
}

function reportReversal(
  { history, findings, updates }: Case,
  a: unknown,
  b: unknown,
  one: Sight,
  two: Sight,
): void {
  const inserts = updates.filter(({ op }) => op.f === 'insert' && [a, b].some((x) => isOf(op.argument, x)));
  const say = () =>
    `${formatValue(a)} and ${formatValue(b)} stand in opposite orders: ${describeOp(history, one.op.event)} shows ` +
    `${formatValue(b)} first, ${describeOp(history, two.op.event)} ${formatValue(a)}.`;
  findings.add('list-order', [...inserts.map(({ op }) => op.event), one.op.event, two.op.event], say);
}

function isOf(argument: unknown, element: unknown): boolean {
  return identity((argument as { element?: unknown }).element) === identity(element);
}

/** No two states contradict each other, but perhaps several do: the shortest circle of elements, each behind the last. */
function reportCycle({ history, findings }: Case, orders: Orders): void {
  const cycle = shortestCycle(orders.behind.map((behind) => [...behind.keys()]));
  if (cycle === undefined) return;
  const steps = cycle.map((a, i) => ({
    a: formatValue(orders.elements[a]),
    b: formatValue(orders.elements[cycle[(i + 1) % cycle.length]!]),
    sight: orders.behind[a]!.get(cycle[(i + 1) % cycle.length]!)!,
  }));
  const say = () => {
    const seen = steps.map(({ a, b, sight }) => `${a} before ${b} in ${describeOp(history, sight.op.event)}`);
    return `No order of all elements explains what was seen: ${list(seen)}.`;
  };
  findings.add(
    'list-order',
    steps.map(({ sight }) => sight.op.event),
    say,
  );
}

/** The nodes of a shortest cycle, in order; undefined where there is none. */
function shortestCycle(successors: readonly (readonly number[])[]): number[] | undefined {
  let best: number[] | undefined;
  for (const root of onCycles(successors)) {
    const from = new Map<number, number>([[root, -1]]);
    const queue = [root];
    search: for (let at = 0; at < queue.length; at++) {
      for (const next of successors[queue[at]!]!) {
        if (next === root) {
          const path = [];
          for (let v = queue[at]!; v >= 0; v = from.get(v)!) path.unshift(v);
          if (best === undefined || path.length < best.length) best = path;
          break search;
        }
        if (!from.has(next)) {
          from.set(next, queue[at]!);
          queue.push(next);
        }
      }
    }
    if (best?.length === 3) break;
  }
  return best;
}

/** Nodes that are left when those without predecessors are taken away again and again (Kahn 1962). */
function onCycles(successors: readonly (readonly number[])[]): number[] {
  const waiting = new Int32Array(successors.length);
  for (const next of successors) for (const v of next) waiting[v]!++;
  const free = [...successors.keys()].filter((v) => waiting[v] === 0);
  for (let v = free.pop(); v !== undefined; v = free.pop())
    for (const next of successors[v]!) if (--waiting[next]! === 0) free.push(next);
  return [...successors.keys()].filter((v) => waiting[v]! > 0);
}
