import type { History } from '../../../histories/history.ts';
import type { Key } from '../../../histories/op.ts';
import type { Anomaly } from '../../checker.ts';
import { describeOp, list, ofKey } from '../../describe.ts';
import { NEVER } from '../intervals.ts';
import { operationsThatMatter } from './minimal.ts';
import type { SearchProblem } from './problem.ts';
import type { SearchOutcome } from './search.ts';

/** Operations that are told; the proof itself may name more. */
const MAX_TOLD = 8;
const MAX_STATES = 4;

/** Says why a search found no linearization. `describe` puts a state in words. */
export function explainSearch(
  history: History,
  key: Key | undefined,
  problem: SearchProblem,
  outcome: SearchOutcome,
  describe: (state: number) => string,
): Anomaly {
  const { stuck, states } = outcome;
  const matter = operationsThatMatter(problem, stuck);
  const others = matter.filter((op) => op !== stuck);
  const say = (op: number) => describeOp(history, problem.call[op]!);
  const told = others.slice(-MAX_TOLD).map(say);
  const left = others.length - told.length;
  const message = [
    `No order of the operations${ofKey(key)} explains ${say(stuck)}.`,
    `Before it was over, the state could only be ${possible(states, describe)}.`,
    told.length === 0
      ? 'That is so even if each of the others took effect only where that helps.'
      : `This follows from ${list([...(left > 0 ? [`${left} earlier operations`] : []), ...told])}, even if each of the others took effect only where that helps.`,
  ].join(' ');
  const ops = matter.map((op) => (problem.ret[op] === NEVER ? problem.call[op]! : problem.ret[op]!));
  return { kind: 'nonlinearizable', message, ops, ...(key === undefined ? {} : { key }) };
}

function possible(states: readonly number[], describe: (state: number) => string): string {
  const words = states.slice(0, MAX_STATES).map(describe);
  if (states.length > MAX_STATES) words.push(`one of ${states.length - MAX_STATES} others`);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
