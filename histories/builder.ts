import { type Columns, History } from './history.ts';
import { INVOKE, type Key, NEMESIS, type Op, type OpEvent, TYPE_CODE } from './op.ts';

/** Collects events into columns, pairing completions with their invocations as they come. */
export class HistoryBuilder {
  private size = 0;
  private time = new Float64Array(1024);
  private process = new Int32Array(1024);
  private type = new Uint8Array(1024);
  private f = new Uint16Array(1024);
  private pair = new Int32Array(1024);
  private key = new Int32Array(1024);
  private node = new Int16Array(1024);
  /** Only once an event's place in the whole history is not its place here. */
  private origin: Int32Array | undefined;
  private readonly values: unknown[] = [];
  private readonly errors = new Map<number, string>();
  private readonly fs = new Names<string>(0x1_0000);
  private readonly keys = new Names<Key>(0x7fff_ffff);
  private readonly nodes = new Names<string>(0x8000);
  private readonly processes = new Names<number>(0x7fff_ffff);
  /** The open invocation of each process, by its place in `processes`; -1 where there is none. */
  private readonly open: number[] = [];

  get length(): number {
    return this.size;
  }

  /** Adds an event at the end and returns its index; `origin` is its index in the history that this is a part of. */
  append(op: OpEvent, origin = this.size): number {
    const i = this.size;
    if (i === this.time.length) this.grow();
    if (origin !== i && this.origin === undefined) {
      this.origin = new Int32Array(this.time.length);
      for (let j = 0; j < i; j++) this.origin[j] = j;
    }
    if (this.origin !== undefined) this.origin[i] = origin;
    const process = op.process === 'nemesis' ? NEMESIS : op.process;
    const type = TYPE_CODE[op.type];
    this.time[i] = op.time;
    this.process[i] = process;
    this.type[i] = type;
    this.f[i] = this.fs.id(op.f);
    this.key[i] = op.key === undefined ? -1 : this.keys.id(op.key);
    this.node[i] = op.node === undefined ? -1 : this.nodes.id(op.node);
    this.values.push(op.value);
    if (op.error !== undefined) this.errors.set(i, op.error);
    this.pair[i] = -1;
    const slot = this.processes.id(process);
    const invocation = this.open[slot] ?? -1;
    if (type !== INVOKE && invocation >= 0) {
      this.pair[i] = invocation;
      this.pair[invocation] = i;
    }
    this.open[slot] = type === INVOKE ? i : -1;
    this.size = i + 1;
    return i;
  }

  /** The history so far; later appends don't change it. */
  build(): History {
    const n = this.size;
    const columns: Columns = {
      time: this.time.slice(0, n),
      process: this.process.slice(0, n),
      type: this.type.slice(0, n),
      f: this.f.slice(0, n),
      pair: this.pair.slice(0, n),
      key: this.key.slice(0, n),
      node: this.node.slice(0, n),
      values: this.values.slice(),
      errors: new Map(this.errors),
      fNames: this.fs.names.slice(),
      keyNames: this.keys.names.slice(),
      nodeNames: this.nodes.names.slice(),
      origin: this.origin?.slice(0, n),
    };
    return new History(columns);
  }

  private grow(): void {
    const larger = this.time.length * 2;
    this.time = extended(this.time, new Float64Array(larger));
    this.process = extended(this.process, new Int32Array(larger));
    this.type = extended(this.type, new Uint8Array(larger));
    this.f = extended(this.f, new Uint16Array(larger));
    this.pair = extended(this.pair, new Int32Array(larger));
    this.key = extended(this.key, new Int32Array(larger));
    this.node = extended(this.node, new Int16Array(larger));
    if (this.origin !== undefined) this.origin = extended(this.origin, new Int32Array(larger));
  }
}

/** A history of these events, numbered anew. Completions find their invocations by their processes. */
export function historyOf(ops: Iterable<OpEvent | Op>): History {
  const builder = new HistoryBuilder();
  for (const op of ops) builder.append(op);
  return builder.build();
}

function extended<A extends { set(from: A): void }>(from: A, to: A): A {
  to.set(from);
  return to;
}

/** Numbers names in the order of their first appearance. */
class Names<T> {
  readonly names: T[] = [];
  private readonly ids = new Map<T, number>();
  private readonly most: number;

  /** `most` is how many the column that holds the numbers can tell apart. */
  constructor(most: number) {
    this.most = most;
  }

  id(name: T): number {
    let id = this.ids.get(name);
    if (id === undefined) {
      id = this.names.length;
      if (id === this.most) throw new RangeError(`a history can hold ${this.most} different names, not more`);
      this.ids.set(name, id);
      this.names.push(name);
    }
    return id;
  }
}
