import type { Checker } from '../checker.ts';
import { describeOp, formatValue } from '../describe.ts';
import { identity } from '../identity.ts';
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
      for (const sight of object.sights) {
        judgeContent(object, sight);
        judgePlace(object, sight);
      }
      judgeOrder(object, level);
    },
  );
}

function judgeContent(object: Case, sight: Sight): void {
  const { history, findings, updates } = object;
  const { op } = sight;
  const shows = describeOp(history, op.event);
  const counted = new Map<unknown, number>();
  for (const element of elementsOf(history, sight)) {
    const id = identity(element);
    counted.set(id, (counted.get(id) ?? 0) + 1);
    if (counted.get(id) === 2)
      findings.add('duplicated', [op.event], () => `${shows} shows ${formatValue(element)} more than once.`);
  }
  const deletes = new Map<unknown, Update>();
  for (const update of updates)
    if (update.op.f === 'delete' && includes(sight.seen, update))
      deletes.set(identity((update.op.result as { element?: unknown }).element), update);
  const maybe = object.maybe(sight);
  let mayBeDeleted = maybe.filter(({ f }) => f === 'delete').length;
  for (const update of updates) {
    if (update.op.f !== 'insert' || !includes(sight.seen, update)) continue;
    const element = elementOf(update.op.argument);
    const id = identity(element);
    const isShown = counted.delete(id);
    const deleted = deletes.get(id);
    if (isShown && deleted !== undefined) {
      const say = () =>
        `${shows} shows ${formatValue(element)}, though its replica had delivered ${describeOp(history, deleted.op.event)}.`;
      findings.add('resurrected', [update.op.event, deleted.op.event, op.event], say);
    } else if (!isShown && deleted === undefined && mayBeDeleted-- <= 0) {
      const say = () =>
        `${shows} lacks ${formatValue(element)}, though its replica had delivered ` +
        `${describeOp(history, update.op.event)} and no deletion of it.`;
      findings.add('lost', [update.op.event, op.event], say);
    }
  }
  for (const id of counted.keys()) {
    if (maybe.some(({ f, argument }) => f === 'insert' && identity(elementOf(argument)) === id)) continue;
    const say = () => `${shows} shows ${formatValue(id)}, but its replica had delivered no insert of it.`;
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

function elementOf(argument: unknown): unknown {
  return (argument as { readonly element?: unknown } | null)?.element ?? null;
}
