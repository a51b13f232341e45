import type { NodeId } from '../../../faults/fault.ts';
import type { DiskError, NodeContext, RequestId } from '../../../world/node-program.ts';
import { appendRecord, replaceRecords } from './record-file.ts';

/** Something that leaves the node, once so many records are safe. */
type Output<M> =
  | { readonly after: number; readonly to: NodeId; readonly message: M }
  | { readonly after: number; readonly request: RequestId; readonly answer: unknown };

/** The tag of its syncs. */
const TAG = 'output-commit';

/**
 * A node's record file and everything that it says, in one: no message and no answer leaves before all records written
 * up to then are on the disk, so nobody ever relies on what a crash can take back (the output commit problem; Elnozahy,
 * Alvisi, Wang and Johnson 2002, §2.4). What a node says to itself waits in the same way: its own vote is no safer than
 * another's.
 */
export class OutputCommit<M> {
  private readonly context: NodeContext<M>;
  private readonly file: string;
  private readonly deliver: (message: M) => void;
  /** Records written, those of them that are safe, and those that the sync under way will make safe. */
  private written = 0;
  private safe = 0;
  private syncing: number | null = null;
  private held: Output<M>[] = [];

  /** `deliver` takes what the node says to itself. */
  constructor(context: NodeContext<M>, file: string, deliver: (message: M) => void) {
    this.context = context;
    this.file = file;
    this.deliver = deliver;
  }

  /** Writes anew what was read at the start: it may not have been safe, so nothing leaves before it is. */
  restart(records: readonly object[]): void {
    replaceRecords(this.context.disk, this.file, records);
    this.noteWritten();
  }

  record(record: object): void {
    appendRecord(this.context.disk, this.file, record);
    this.noteWritten();
  }

  send(to: NodeId, message: M): void {
    this.release({ after: this.written, to, message });
  }

  reply(request: RequestId, answer: unknown): void {
    this.release({ after: this.written, request, answer });
  }

  /** A sync has ended; throws if it failed, for then nobody knows what is on the disk: the node must start anew. */
  onSynced(error?: DiskError): void {
    if (error !== undefined) throw error;
    this.safe = this.syncing!;
    this.syncing = null;
    if (this.written > this.safe) this.sync();
    const held = this.held;
    this.held = [];
    for (const output of held) this.release(output);
  }

  /** One sync at a time: what is written meanwhile goes together into the next (group commit). */
  private noteWritten(): void {
    this.written++;
    if (this.syncing === null) this.sync();
  }

  private sync(): void {
    this.syncing = this.written;
    this.context.disk.sync(TAG);
  }

  private release(output: Output<M>): void {
    if (output.after > this.safe) this.held.push(output);
    else if ('request' in output) this.context.reply(output.request, output.answer);
    else if (output.to === this.context.id) this.deliver(output.message);
    else this.context.send(output.to, output.message);
  }
}
