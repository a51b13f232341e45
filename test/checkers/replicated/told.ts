import type { Checker } from '../../../checkers/checker.ts';
import { blamed, check, type Told, tell } from '../story.ts';

type Vector = Readonly<Record<string, number>>;

const at = (node: string) => ({ process: Number(node.slice(1)), node });

/** An update at a node that had seen so much; its name follows from that. */
export function update(
  node: string,
  f: string,
  argument: unknown,
  saw: Vector,
  more: Partial<Told> = {},
): Told {
  const name = `${node}:${(saw[node] ?? 0) + 1}`;
  return { ...at(node), f, argument, result: { update: name, saw }, ...more };
}

/** An update whose outcome nobody knows. */
export function unsure(node: string, f: string, argument: unknown, more: Partial<Told> = {}): Told {
  return { ...at(node), f, argument, outcome: 'info', ...more };
}

export function read(node: string, updates: Vector, state: unknown, more: Partial<Told> = {}): Told {
  return { ...at(node), f: 'read', result: { updates, state }, ...more };
}

/** What a checker says of a story: whom it blames, and its first sentence. */
export function judged(checker: Checker, ...story: readonly Told[]) {
  const history = tell(...story);
  const verdict = check(checker, history);
  return {
    valid: verdict.valid,
    vacuous: verdict.vacuous,
    blamed: blamed(history, verdict),
    message: verdict.anomalies[0]?.message ?? '',
  };
}
