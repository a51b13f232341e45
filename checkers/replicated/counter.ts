import type { History } from '../../histories/history.ts';
import type { Checker } from '../checker.ts';
import { count, describeOp } from '../describe.ts';
import { malformed } from '../malformed.ts';
import type { Operation } from '../operations.ts';
import { isSumOfSome } from '../sums.ts';
import { includes, total } from '../version-vector.ts';
import { type Case, replicatedType } from './judge.ts';
import type { Sight } from './sights.ts';

/**
 * A replicated counter: `increment` and `decrement` (value: by how much) and `read`, whose state is the sum of all that the
 * replica has delivered, no more and no less (*wrong-sum*).
 */
export function replicatedCounter(): Checker {
  return replicatedType(
    'replicated-counter',
    'each read of a replicated counter is the sum of what its replica had delivered',
    (object) => {
      // One wrong sum is enough, and the one of the fewest updates is the easiest to see through.
      const size = new Map(object.sights.map((sight) => [sight, total(sight.seen)]));
      const sights = object.sights.slice().sort((a, b) => size.get(a)! - size.get(b)!);
      sights.some((sight) => isWrong(object, sight));
    },
  );
}

function deltaOf(history: History, { f, argument, begin }: Operation): number {
  if (typeof argument !== 'number') throw malformed(history, begin, 'a number');
  return f === 'decrement' ? -argument : argument;
}

/** Whether a sight shows what it can't; reports it. */
function isWrong({ history, findings, key, updates, maybe }: Case, sight: Sight): boolean {
  if (typeof sight.state !== 'number')
    throw malformed(history, sight.op.event, 'an object with a number as state');
  const { state, seen } = sight;
  const delivered = updates.filter((update) => includes(seen, update));
  const sum = delivered.reduce((up, { op }) => up + deltaOf(history, op), 0);
  const unsure = maybe(sight).map((op) => deltaOf(history, op));
  if (isSumOfSome(unsure, state - sum)) return false;
  const say = () => {
    const some =
      unsure.length === 0 ? '' : ` and perhaps some of ${count(unsure.length, 'update')} of unknown outcome`;
    const all = total(seen) === 0 ? 'nothing' : count(total(seen), 'update');
    const makes = total(seen) === 1 ? 'makes' : 'make';
    return `${describeOp(history, sight.op.event)}: its replica had delivered ${all}, which ${makes} ${sum}${some}.`;
  };
  // A few updates are a proof that a person can follow; the sum of many is only stated.
  const few = delivered.length <= 4 ? delivered.map(({ op }) => op.event) : [];
  findings.add('wrong-sum', [...few, sight.op.event], say, key);
  return true;
}
