import type { Checker } from '../checker.ts';
import { describeOp, formatValue } from '../describe.ts';
import { identity } from '../identity.ts';
import { groupBy } from '../operations.ts';
import { includes } from '../version-vector.ts';
import { type Case, replicatedType } from './judge.ts';
import { judgeOrder, type ListLevel } from './list-order.ts';
import { elementsOf, type Sight, type Update } from './sights.ts';

/**
 * A replicated text: `insert` (value: `{ element, at }`, elements unique), `delete` (value: `{ at }`; the completion says
 * which `element`) and `read`; each completes also with the `state`, an array of elements, of its replica. The state must
 * hold the elements that the replica has seen inserted and not deleted (*lost*, *resurrected*, *thin-air*, *duplicated*),
 * an insert must put its element at place `at`, or last if that is too far (*misplaced*), and all states must fit an order
 * (*list-order*). As the state just after an insert counts like any other, what was put between two elements stays there.
 */
export function replicatedText({ level = 'strong' }: { readonly level?: ListLevel } = {}): Checker {
  return replicatedType(
    `${level}-list`,
    level === 'strong'
      ? 'a replicated text: nothing lost or invented, and one order of all elements ever inserted'
      : 'a replicated text: nothing lost or invented, and elements seen together stand in the same order',
    (object) => {
      const lives = livesOf(object);
      for (const sight of object.sights) {
        judgeContent(object, lives, sight);
        judgePlace(object, sight);
      }
      judgeOrder(object, level);
    },
  );
}

/** An insert and the deletions of its element, usually one. */
interface Life {
  readonly insert: Update;
  readonly element: unknown;
  readonly deletes: readonly Update[];
}

function livesOf({ updates }: Case): Life[] {
  const deletes = groupBy(
    updates.filter(({ op }) => op.f === 'delete'),
    ({ op }) => identity(elementOf(op.result)),
  );
  return updates
    .filter(({ op }) => op.f === 'insert')
    .map((insert) => {
      const element = elementOf(insert.op.argument);
      return { insert, element, deletes: deletes.get(identity(element)) ?? [] };
    });
}

function judgeContent(object: Case, lives: readonly Life[], sight: Sight): void {
  const { history, findings } = object;
  const { op } = sight;
  const shows = () => describeOp(history, op.event);
  const shown = new Set<unknown>();
  for (const element of elementsOf(history, sight)) {
    const id = identity(element);
    if (shown.has(id))
      findings.add(
        'duplicated',
        [op.event],
        () => `${shows()} shows ${formatValue(element)} more than once.`,
      );
    shown.add(id);
  }
  const delivered = (update: Update) => includes(sight.seen, update);
  const maybe = object.maybe(sight);
  let mayBeDeleted = maybe.filter(({ f }) => f === 'delete').length;
  for (const { insert, element, deletes } of lives) {
    if (!delivered(insert)) continue;
    const isShown = shown.delete(identity(element));
    const deleted = deletes.find(delivered);
    if (isShown && deleted !== undefined) {
      const say = () =>
        `${shows()} shows ${formatValue(element)}, though its replica had delivered ${describeOp(history, deleted.op.event)}.`;
      findings.add('resurrected', [insert.op.event, deleted.op.event, op.event], say);
    } else if (!isShown && deleted === undefined && mayBeDeleted-- <= 0) {
      const say = () =>
        `${shows()} lacks ${formatValue(element)}, though its replica had delivered ` +
        `${describeOp(history, insert.op.event)} and no deletion of it.`;
      findings.add('lost', [insert.op.event, op.event], say);
    }
  }
  for (const id of shown) {
    if (maybe.some(({ f, argument }) => f === 'insert' && identity(elementOf(argument)) === id)) continue;
    const say = () => `${shows()} shows ${formatValue(id)}, but its replica had delivered no insert of it.`;
    findings.add('thin-air', [op.event], say);
  }
}

function judgePlace(object: Case, sight: Sight): void {
  if (sight.op.f !== 'insert') return;
  const { history, findings } = object;
  const { element, at } = sight.op.argument as { readonly element: unknown; readonly at: number };
  const state = elementsOf(history, sight);
  const place = state.findIndex((each) => identity(each) === identity(element));
  const due = Math.min(at, state.length - 1);
  if (place < 0 || place === due) return;
  const say = () =>
    `${describeOp(history, sight.op.event)} put ${formatValue(element)} at place ${place} of its own replica's text instead of ${due}.`;
  findings.add('misplaced', [sight.op.event], say);
}

function elementOf(value: unknown): unknown {
  return (value as { readonly element?: unknown } | null)?.element ?? null;
}
