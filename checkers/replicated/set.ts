import type { Checker } from '../checker.ts';
import { describeOp, formatValue, ofKey } from '../describe.ts';
import { identity } from '../identity.ts';
import { groupBy, type Operation } from '../operations.ts';
import { includes } from '../version-vector.ts';
import { type Case, replicatedType } from './judge.ts';
import { elementsOf, knewOf, type Sight, type Update } from './sights.ts';

/** What an update puts in and takes out. */
interface Effect {
  /** What it adds. */
  adds(op: Operation): readonly unknown[];
  /** Whether it takes out this element, of the adds that it knew. */
  clears(op: Operation, element: unknown): boolean;
}

/** `add` and `remove` of an element (value). */
const SET: Effect = {
  adds: ({ f, argument }) => (f === 'add' ? [argument] : []),
  clears: ({ f, argument }, element) => f === 'remove' && identity(argument) === identity(element),
};

/** `put` (value; unique) replaces what was known, `delete` leaves nothing of it. */
const REGISTER: Effect = {
  adds: ({ f, argument }) => (f === 'put' ? [argument] : []),
  clears: () => true,
};

/**
 * A replicated set in which adds win (Shapiro et al. 2011, observed-remove set): `add` and `remove` (value: the element)
 * and `read`, whose state is the sorted array of elements. An element must be there if the replica has delivered an add of
 * it that none of the delivered removes knew of (*lost*), and must not be there otherwise (*resurrected*, or *thin-air* if
 * there was no add). Without removes this is a grow-only set.
 */
export function replicatedSet(): Checker {
  return replicatedType(
    'replicated-set',
    'a replicated set holds what was added and not removed by somebody who knew of the add',
    (object) => judge(object, SET),
  );
}

/**
 * A replicated map: `put` (value; unique) and `delete`, each with a key, and `read` of a key, whose state is the sorted
 * array of the values that nobody who knew of them has replaced or deleted: more than one where puts were concurrent
 * (multi-value register; DeCandia et al. 2007, §4.4; Shapiro et al. 2011). Anomalies as for sets.
 */
export function replicatedMap(): Checker {
  return replicatedType(
    'replicated-map',
    'a replicated map shows the values of each key that were not replaced by somebody who knew of them',
    (object) => judge(object, REGISTER),
  );
}

function judge(object: Case, effect: Effect): void {
  const { history, updates, unsure } = object;
  const added = updates.flatMap((update) => effect.adds(update.op).map((element) => ({ element, update })));
  const elements = new Map(
    [...groupBy(added, ({ element }) => identity(element))].map(([id, all]) => {
      const element = all[0]!.element;
      const clearing = updates.filter(({ op }) => effect.clears(op, element));
      const adds = all.map(({ update: add }) => ({
        add,
        knowing: clearing.filter((update) => knewOf(update, add)),
      }));
      return [id, { element, adds, clearing }] as const;
    }),
  );
  const touchesUnsure = (op: Operation, element: unknown) => ({
    add: effect.adds(op).some((each) => identity(each) === identity(element)),
    clear: effect.clears(op, element),
  });
  for (const sight of object.sights) {
    const shown = new Set(elementsOf(history, sight).map(identity));
    const maybe = unsure.length === 0 ? [] : object.maybe(sight);
    const may = (element: unknown, what: 'add' | 'clear') =>
      maybe.some((op) => touchesUnsure(op, element)[what]);
    const delivered = (update: Update) => includes(sight.seen, update);
    for (const [id, { element, adds, clearing }] of elements) {
      const live = adds.findLast(({ add, knowing }) => delivered(add) && !knowing.some(delivered));
      const isShown = shown.delete(id);
      if (live !== undefined && !isShown && !may(element, 'clear'))
        reportLost(object, sight, element, live.add, clearing.filter(delivered));
      if (live === undefined && isShown && !may(element, 'add')) {
        const visible = adds.map(({ add }) => add).filter(delivered);
        reportBack(object, sight, element, visible, clearing.filter(delivered));
      }
    }
    for (const element of elementsOf(history, sight))
      if (shown.has(identity(element)) && !may(element, 'add')) reportBack(object, sight, element, [], []);
  }
}

function reportLost(
  { history, findings, key }: Case,
  { op }: Sight,
  element: unknown,
  add: Update,
  clearing: readonly Update[],
): void {
  const rival = clearing.findLast((update) => update !== add && !knewOf(add, update));
  const say = () => {
    const why =
      rival === undefined
        ? 'and nothing that took it out'
        : `and nobody who took it out knew of that: ${describeOp(history, rival.op.event)} did not`;
    return (
      `${describeOp(history, op.event)} lacks ${formatValue(element)}${ofKey(key)}, though its replica had delivered ` +
      `${describeOp(history, add.op.event)}, ${why}.`
    );
  };
  const events = rival === undefined ? [add.op.event] : [add.op.event, rival.op.event];
  findings.add('lost', [...events, op.event], say, key);
}

/** `adds`: those that the replica had delivered. */
function reportBack(
  { history, findings, key }: Case,
  { op }: Sight,
  element: unknown,
  adds: readonly Update[],
  clearing: readonly Update[],
): void {
  const sight = `${describeOp(history, op.event)} shows ${formatValue(element)}${ofKey(key)}`;
  const add = adds.at(-1);
  if (add === undefined) {
    findings.add(
      'thin-air',
      [op.event],
      () => `${sight}, but its replica had delivered nothing that put it there.`,
      key,
    );
    return;
  }
  const remover = clearing.find((update) => knewOf(update, add))!;
  const say = () => {
    const others = adds.length === 1 ? '' : ', and every other add of it was taken out likewise';
    return (
      `${sight}, though its replica had delivered ${describeOp(history, remover.op.event)}, which knew of ` +
      `${describeOp(history, add.op.event)}${others}.`
    );
  };
  findings.add('resurrected', [add.op.event, remover.op.event, op.event], say, key);
}
