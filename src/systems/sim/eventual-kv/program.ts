import type { NodeId } from '../../../faults/fault.ts';
import type { Nanos } from '../../../world/nanos.ts';
import type { DiskError, NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import { OutputCommit } from '../shared/output-commit.ts';
import { readRecords } from '../shared/record-file.ts';
import type { Query } from '../shared/request-client.ts';
import { type KeyedVersion, type Stamps, Versions } from '../shared/versions.ts';

export type Message =
  | { readonly type: 'rumor'; readonly version: KeyedVersion }
  /** What a comparison has found to be lacking. */
  | { readonly type: 'versions'; readonly versions: readonly KeyedVersion[] }
  /** What the sender has; the receiver answers with what is later, and with its own digest if `answer`. */
  | { readonly type: 'digest'; readonly stamps: Stamps; readonly answer: boolean };

export interface EventualOptions {
  readonly bugs: ReadonlySet<string>;
  /** Peers that are told a rumor. */
  readonly fanout: number;
  /** Mean time between two comparisons, ns. */
  readonly antiEntropy: Nanos;
}

const FILE = 'versions';

/** A replica of all registers, kept like the others by rumors and anti-entropy (Demers et al. 1987, §1.3 and 1.4). */
export class EventualNode implements NodeProgram<Message, Query> {
  private readonly context: NodeContext<Message>;
  private readonly options: EventualOptions;
  private readonly versions = new Versions();
  private readonly output: OutputCommit<Message>;
  /** The hybrid logical clock (Kulkarni et al. 2014, figure 5), both of its parts in one number: no version here is later. */
  private clock = 0;

  constructor(context: NodeContext<Message>, options: EventualOptions) {
    this.context = context;
    this.options = options;
    this.output = new OutputCommit(context, FILE, (message) => this.onMessage(context.id, message));
  }

  onStart(): void {
    for (const version of readRecords<KeyedVersion>(this.context.disk, FILE)) this.keep(version);
    this.output.restart(this.versions.all());
    this.compareLater();
  }

  onRequest(request: RequestId, { f, key, value }: Query): void {
    const name = String(key);
    if (f === 'read') {
      this.output.reply(request, { type: 'ok', value: this.versions.get(name).value });
      return;
    }
    const version = { key: name, value, ts: { n: this.tick(), writer: this.context.id } };
    this.store(version);
    this.output.reply(request, { type: 'ok' });
    this.tell(version);
  }

  onMessage(from: NodeId, message: Message): void {
    switch (message.type) {
      case 'rumor':
        // Who knew it already lets the rumor die (Demers et al. 1987, §1.4, with feedback and k = 1).
        if (this.store(message.version)) this.tell(message.version);
        break;
      case 'versions':
        for (const version of message.versions) this.store(version);
        break;
      case 'digest': {
        const versions = this.versions.laterThan(message.stamps);
        if (versions.length > 0) this.output.send(from, { type: 'versions', versions });
        if (message.answer) this.output.send(from, this.digest(false));
        break;
      }
    }
  }

  /** Compares with a random peer, push and pull (Demers et al. 1987, §1.3). */
  onTimer(): void {
    this.compareLater();
    const { peers, random } = this.context;
    if (peers.length > 0) this.output.send(random.pick(peers), this.digest(true));
  }

  onSynced(_tag: string, error?: DiskError): void {
    this.output.onSynced(error);
  }

  /** The time of a new write: later than all that this replica has seen. */
  private tick(): number {
    const wall = this.context.wallClock();
    // The wall clock may have been set back since the write that this one follows.
    if (this.options.bugs.has('wall-clock')) return wall;
    return Math.max(wall, this.clock + 1);
  }

  private tell(version: KeyedVersion): void {
    const { peers, random } = this.context;
    for (const peer of random.shuffle(peers).slice(0, this.options.fanout))
      this.output.send(peer, { type: 'rumor', version });
  }

  /** Takes a version in if it is later than the present one; tells whether it was. */
  private store(version: KeyedVersion): boolean {
    const isNews = this.keep(version);
    if (isNews) this.output.record(version);
    return isNews;
  }

  private keep(version: KeyedVersion): boolean {
    this.clock = Math.max(this.clock, version.ts.n);
    // Merging must not depend on who merges, nor on the order: the later wins, wherever it comes from.
    const own = this.versions.get(version.key).ts.writer === this.context.id;
    const foreign = version.ts.writer !== this.context.id;
    if (this.options.bugs.has('merge-not-commutative') && own && foreign) return false;
    return this.versions.keep(version);
  }

  private digest(answer: boolean): Message {
    return { type: 'digest', stamps: this.versions.stamps(), answer };
  }

  private compareLater(): void {
    // Rumors alone reach everybody with high probability, and that is not always.
    if (this.options.bugs.has('no-anti-entropy')) return;
    const { antiEntropy } = this.options;
    this.context.setTimer('anti-entropy', antiEntropy / 2 + this.context.random.int(antiEntropy));
  }
}
