import type { NodeId } from '../../../faults/fault.ts';

/** One change of a text, by place. It counts from the text that its author saw. */
export type Edit =
  | { readonly kind: 'insert'; readonly at: number; readonly element: unknown; readonly author: NodeId }
  | { readonly kind: 'delete'; readonly at: number }
  /** What is left of a deletion when another has deleted the same. */
  | { readonly kind: 'nothing' };

/**
 * The edit that does after `other` what `edit` would have done instead of it, both having been made on the same text. So
 * that both replicas come to the same text, whichever edit they did first: `edit` then `transform(other, edit)` is the
 * same as `other` then `transform(edit, other)` (Ellis and Gibbs 1989, §4; the first transformation property).
 */
export function transform(edit: Edit, other: Edit, bugs: ReadonlySet<string>): Edit {
  if (edit.kind === 'nothing' || other.kind === 'nothing') return edit;
  if (other.kind === 'insert') {
    const isBefore = edit.kind === 'insert' ? goesFirst(edit, other, bugs) : edit.at < other.at;
    return isBefore ? edit : { ...edit, at: edit.at + 1 };
  }
  if (edit.at < other.at) return edit;
  if (edit.at > other.at) return { ...edit, at: edit.at - 1 };
  return edit.kind === 'delete' ? { kind: 'nothing' } : edit;
}

type Insert = Edit & { readonly kind: 'insert' };

/** Of two inserts, the one at the earlier place; at the same place that of the lesser author, as both sides must agree. */
function goesFirst(edit: Insert, other: Insert, bugs: ReadonlySet<string>): boolean {
  if (edit.at !== other.at) return edit.at < other.at;
  // Each side believes that its own comes first.
  return bugs.has('insert-ties') || edit.author < other.author;
}

/** The text after an edit. */
export function perform(text: readonly unknown[], edit: Edit): readonly unknown[] {
  if (edit.kind === 'nothing') return text;
  if (edit.kind === 'insert') return [...text.slice(0, edit.at), edit.element, ...text.slice(edit.at)];
  return [...text.slice(0, edit.at), ...text.slice(edit.at + 1)];
}
