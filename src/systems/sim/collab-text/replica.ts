import type { NodeId } from '../../../faults/fault.ts';
import { type Edit, perform, transform } from './transform.ts';

/** An edit and its name: the `number`th of its author. */
export interface NamedEdit {
  readonly author: NodeId;
  readonly number: number;
  readonly edit: Edit;
}

/**
 * A replica's side of Jupiter (Nichols, Curtis, Dixon and Lamping 1995, §6): the text is what the server's history makes,
 * up to a revision, and then its own edits that are not in that history yet. Plain data that follows from what it was
 * given, in order.
 */
export class Replica {
  readonly id: NodeId;
  private readonly bugs: ReadonlySet<string>;
  text: readonly unknown[] = [];
  /** How much of the server's history it has. */
  revision = 0;
  /** Its own edits that it has not seen in that history, each as of after the one before. */
  pending: NamedEdit[] = [];
  /** Of each author, how many edits are in the text. */
  readonly applied: Record<NodeId, number> = {};

  constructor(id: NodeId, bugs: ReadonlySet<string>) {
    this.id = id;
    this.bugs = bugs;
  }

  /** An edit made here takes effect at once. */
  make(edit: Edit): NamedEdit {
    const number = (this.applied[this.id] ?? 0) + 1;
    const made = { author: this.id, number, edit };
    this.text = perform(this.text, edit);
    this.pending.push(made);
    this.applied[this.id] = number;
    return made;
  }

  /** The next edit of the server's history. */
  receive({ author, number, edit }: NamedEdit): void {
    this.revision++;
    const [first] = this.pending;
    if (first !== undefined && author === this.id && number === first.number) {
      this.pending.shift();
      return;
    }
    let incoming = edit;
    this.pending = this.pending.map((own) => {
      const moved = { ...own, edit: transform(own.edit, incoming, this.bugs) };
      incoming = transform(incoming, own.edit, this.bugs);
      return moved;
    });
    this.text = perform(this.text, incoming);
    this.applied[author] = Math.max(this.applied[author] ?? 0, number);
  }
}

/** The server's side: one order of all edits, each transformed past those that its author had not seen. */
export class Server {
  readonly history: NamedEdit[] = [];
  private readonly bugs: ReadonlySet<string>;
  private readonly latest = new Map<NodeId, number>();

  constructor(bugs: ReadonlySet<string>) {
    this.bugs = bugs;
  }

  /** Takes in an edit as of a revision and returns it as it stands in the history; null if it is there already. */
  order(revision: number, { author, number, edit }: NamedEdit): NamedEdit | null {
    const isKnown = number <= (this.latest.get(author) ?? 0);
    // What was sent twice, because the answer was lost, is done twice.
    if (isKnown && !this.bugs.has('no-dedupe')) return null;
    const unseen = this.history.slice(revision);
    const moved = unseen.reduce((moving, other) => transform(moving, other.edit, this.bugs), edit);
    const ordered = { author, number, edit: moved };
    this.append(ordered);
    return ordered;
  }

  append(ordered: NamedEdit): void {
    this.latest.set(ordered.author, ordered.number);
    this.history.push(ordered);
  }
}
