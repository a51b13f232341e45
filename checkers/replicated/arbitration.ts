import type { History } from '../../histories/history.ts';
import { describeOp, formatValue } from '../describe.ts';
import { cyclicComponents, Edges, shortCycle } from '../digraph.ts';
import type { Case } from './judge.ts';
import type { Counts, Knowledge } from './knowledge.ts';
import type { Sight, Update } from './sights.ts';

/** A sight that rightly shows the write of that number, and what its replica had delivered. */
export interface Win {
  readonly sight: Sight;
  readonly counts: Counts;
  readonly write: number;
}

/** That one write came before another, because the other won where both were, or because its writer knew. */
interface Before {
  readonly before: number;
  readonly after: number;
  readonly win: Win | undefined;
}

/** Reports writes of which no order explains who won where: a short circle of each knot, the one that was seen first before the others. */
export function judgeArbitration(object: Case, knowledge: Knowledge, wins: readonly Win[]): void {
  const edges = new Edges();
  const winOf: (Win | undefined)[] = [];
  for (const win of wins)
    for (const loser of knowledge.latest(win.counts, win.write)) winOf[edges.add(loser, win.write)] = win;
  for (let u = 0; u < knowledge.updates.length; u++)
    for (const earlier of knowledge.latest(knowledge.sawOf(u), u)) edges.add(earlier, u);
  for (const line of knowledge.lines)
    for (let i = 1; i < line.length; i++)
      if (knowledge.knew(line[i]!, line[i - 1]!)) edges.add(line[i - 1]!, line[i]!);
  const graph = edges.graph(knowledge.updates.length);
  const circles = cyclicComponents(graph).map((knot) => {
    const cycle = shortCycle(graph, knot, (edge) => winOf[graph.label[edge]!] === undefined);
    const steps = cycle.map((edge): Before => {
      const label = graph.label[edge]!;
      return { before: edges.from[label]!, after: edges.to[label]!, win: winOf[label] };
    });
    return shortened(steps, knowledge);
  });
  const seenAt = (circle: readonly Before[]) =>
    Math.max(...circle.map(({ win }) => win?.sight.op.event ?? 0));
  for (const circle of circles.sort((a, b) => seenAt(a) - seenAt(b))) report(object, knowledge, circle);
}

/** Two steps are one where whoever proves the second proves as much of the first write. */
function shortened(circle: readonly Before[], knowledge: Knowledge): readonly Before[] {
  let steps = circle;
  for (let i = 0; i < steps.length && steps.length > 2; i++) {
    const one = steps[i]!;
    const two = steps[(i + 1) % steps.length]!;
    const isProved =
      two.win === undefined
        ? one.win === undefined && knowledge.knew(two.after, one.before)
        : knowledge.includes(two.win.counts, one.before);
    if (!isProved) continue;
    const others = [...steps.slice(i + 2), ...steps.slice(Math.max(0, i + 2 - steps.length), i)];
    steps = [{ ...two, before: one.before }, ...others];
    i = -1;
  }
  return steps;
}

function report({ history, findings, key }: Case, { updates }: Knowledge, circle: readonly Before[]): void {
  const writes = circle.map(({ before }) => updates[before]!.op.event);
  const reads = circle.flatMap(({ win }) => (win === undefined ? [] : [win.sight.op.event]));
  findings.add('arbitration', [...writes, ...reads], () => tell(history, updates, circle), key);
}

function tell(history: History, updates: readonly Update[], circle: readonly Before[]): string {
  const value = (u: number) => formatValue(updates[u]!.op.argument);
  const sights = circle.flatMap(({ win }) =>
    win === undefined ? [] : [describeOp(history, win.sight.op.event)],
  );
  if (circle.length === 2 && sights.length === 2) {
    const [one, two] = circle.map(({ before }) => value(before));
    return (
      `Both replicas had delivered the writes of ${one} and ${two}, ` +
      `but they disagree which came last: ${sights[0]}, and ${sights[1]}.`
    );
  }
  const steps = circle.map(({ before, after, win }) =>
    win === undefined
      ? `${value(before)} before ${value(after)}, as its writer knew ${value(before)}`
      : `${value(before)} before ${value(after)}, as ${describeOp(history, win.sight.op.event)}, whose replica had delivered both`,
  );
  return `No order of the writes explains which of them won: ${steps.join('; ')}.`;
}
