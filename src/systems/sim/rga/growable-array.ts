import type { NodeId } from '../../../faults/fault.ts';
import type { OperationBased, Refusal } from '../shared/crdt/operation-based.ts';
import type { Update } from '../shared/crdt/update.ts';
import { isLater, type Timestamp } from '../shared/timestamp.ts';

/** An element's name for ever. */
type Id = Timestamp;

export type Edit =
  /** Puts an element behind another, or at the beginning. */
  | { readonly kind: 'insert'; readonly behind: Id | null; readonly id: Id; readonly element: unknown }
  | { readonly kind: 'delete'; readonly id: Id };

interface Entry {
  readonly id: Id;
  readonly element: unknown;
  isDeleted: boolean;
}

/** A replicated growable array (Roh et al. 2011, §4.2). */
export class GrowableArray implements OperationBased<Edit> {
  private readonly bugs: ReadonlySet<string>;
  private readonly entries: Entry[] = [];
  /** Lamport's clock (1978): no known id has a later time. */
  private clock = 0;
  /** What was deleted last. */
  private deleted: unknown = null;

  constructor(bugs: ReadonlySet<string>) {
    this.bugs = bugs;
  }

  prepare({ f, value, origin }: Pick<Update, 'f' | 'value' | 'origin'>): Edit | Refusal {
    const shown = this.shown();
    const { at, element } = value as { readonly at: number; readonly element?: unknown };
    if (f === 'insert') {
      const behind = at === 0 || shown.length === 0 ? null : shown[Math.min(at, shown.length) - 1]!.id;
      return { kind: 'insert', behind, id: this.newId(origin), element };
    }
    if (shown.length === 0) return { refused: 'empty' };
    return { kind: 'delete', id: shown[Math.min(at, shown.length - 1)]!.id };
  }

  apply(edit: Edit): void {
    if (edit.kind === 'insert') this.insert(edit);
    else this.delete(edit.id);
  }

  query(): unknown[] {
    return this.shown().map(({ element }) => element);
  }

  answer(edit: Edit): Readonly<Record<string, unknown>> {
    const state = this.query();
    return edit.kind === 'insert' ? { state } : { state, element: this.deleted };
  }

  private newId(origin: NodeId): Id {
    // Two replicas have the same time now and then.
    return { n: this.clock + 1, writer: this.bugs.has('ids-not-unique') ? '' : origin };
  }

  private insert({ behind, id, element }: Edit & { readonly kind: 'insert' }): void {
    this.clock = Math.max(this.clock, id.n);
    if (this.find(id) >= 0) return;
    let place = behind === null ? 0 : this.find(behind) + 1;
    // Roh et al. 2011, algorithm 8: past what was put there at once by others whose ids are greater.
    if (!this.bugs.has('siblings-unordered'))
      while (place < this.entries.length && isLater(this.entries[place]!.id, id)) place++;
    this.entries.splice(place, 0, { id, element, isDeleted: false });
  }

  private delete(id: Id): void {
    const place = this.find(id);
    if (place < 0) return;
    const entry = this.entries[place]!;
    entry.isDeleted = true;
    this.deleted = entry.element;
    // Elsewhere something may be put behind it at this moment.
    if (this.bugs.has('tombstones-collected')) this.entries.splice(place, 1);
  }

  private find({ n, writer }: Id): number {
    return this.entries.findIndex(({ id }) => id.n === n && id.writer === writer);
  }

  private shown(): Entry[] {
    return this.entries.filter(({ isDeleted }) => !isDeleted);
  }
}
