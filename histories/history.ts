import { INVOKE, type Key, NEMESIS, OP_TYPES, type Op } from './op.ts';

/** The columns of a history: numbers in typed arrays, whatever else beside them. */
export interface Columns {
  readonly time: Float64Array;
  /** Process number; `NEMESIS` (-1) is the nemesis. */
  readonly process: Int32Array;
  /** `INVOKE`, `OK`, `FAIL` or `INFO`. */
  readonly type: Uint8Array;
  /** Index into `fNames`. */
  readonly f: Uint16Array;
  /** Of an invocation, the index of its completion and the other way round; -1 where there is none. */
  readonly pair: Int32Array;
  /** Index into `keyNames`, or -1. */
  readonly key: Int32Array;
  /** Index into `nodeNames`, or -1. */
  readonly node: Int16Array;
  readonly values: readonly unknown[];
  /** By event index; most events have none. */
  readonly errors: ReadonlyMap<number, string>;
  readonly fNames: readonly string[];
  readonly keyNames: readonly Key[];
  readonly nodeNames: readonly string[];
  /** In a part of a history, the index that each event has in the whole; absent when this is the whole. */
  readonly origin?: Int32Array | undefined;
}

/**
 * What happened in a run: events in the order in which the controller saw them. Immutable.
 * Columnar, so that a million events fit in a few hundred MB and a pass over them costs milliseconds.
 */
export class History {
  readonly length: number;
  readonly columns: Columns;

  constructor(columns: Columns) {
    this.length = columns.time.length;
    this.columns = columns;
  }

  get time(): Float64Array {
    return this.columns.time;
  }
  get process(): Int32Array {
    return this.columns.process;
  }
  get type(): Uint8Array {
    return this.columns.type;
  }
  get f(): Uint16Array {
    return this.columns.f;
  }
  get fNames(): readonly string[] {
    return this.columns.fNames;
  }
  get pair(): Int32Array {
    return this.columns.pair;
  }

  value(i: number): unknown {
    return this.columns.values[i];
  }
  /** The name of the function of event `i`. */
  fName(i: number): string {
    return this.columns.fNames[this.columns.f[i]!]!;
  }
  key(i: number): Key | undefined {
    const id = this.columns.key[i]!;
    return id < 0 ? undefined : this.columns.keyNames[id];
  }
  node(i: number): string | undefined {
    const id = this.columns.node[i]!;
    return id < 0 ? undefined : this.columns.nodeNames[id];
  }
  error(i: number): string | undefined {
    return this.columns.errors.get(i);
  }
  /** The code of function `name` in the `f` column, or -1 when no event has it. */
  fCode(name: string): number {
    return this.columns.fNames.indexOf(name);
  }

  /**
   * The index of event `i` in the whole history, of which this may be a part (`select`, `pick`): anomalies name
   * events by it. In a whole history it is `i` itself.
   */
  origin(i: number): number {
    return this.columns.origin === undefined ? i : this.columns.origin[i]!;
  }

  /** The part of the history for whose events `keep` holds; see `pick`. */
  select(keep: (i: number) => boolean): History {
    const events = new Int32Array(this.length);
    let size = 0;
    for (let i = 0; i < this.length; i++) if (keep(i)) events[size++] = i;
    return this.pick(events.subarray(0, size));
  }

  /**
   * The part of the history with these events (indices into this history, ascending), numbered anew. An invocation and
   * its completion stay a pair when both are in it; `origin` leads back. Names are shared with the whole, so that a part
   * costs no more than its events; for passes over the parts by key, `byKey` needs no copies at all.
   */
  pick(events: Int32Array): History {
    const whole = this.columns;
    const size = events.length;
    const time = new Float64Array(size);
    const process = new Int32Array(size);
    const type = new Uint8Array(size);
    const f = new Uint16Array(size);
    const pair = new Int32Array(size).fill(-1);
    const key = new Int32Array(size);
    const node = new Int16Array(size);
    const origin = new Int32Array(size);
    const values: unknown[] = new Array(size);
    const errors = new Map<number, string>();
    for (let i = 0; i < size; i++) {
      const event = events[i]!;
      time[i] = whole.time[event]!;
      process[i] = whole.process[event]!;
      type[i] = whole.type[event]!;
      f[i] = whole.f[event]!;
      key[i] = whole.key[event]!;
      node[i] = whole.node[event]!;
      origin[i] = this.origin(event);
      values[i] = whole.values[event];
      const error = whole.errors.size === 0 ? undefined : whole.errors.get(event);
      if (error !== undefined) errors.set(i, error);
      if (type[i] === INVOKE) continue;
      const invocation = positionOf(whole.pair[event]!, events, i);
      if (invocation < 0) continue;
      pair[i] = invocation;
      pair[invocation] = i;
    }
    const { fNames, keyNames, nodeNames } = whole;
    const columns = { time, process, type, f, pair, key, node, values, errors, fNames, keyNames, nodeNames };
    return new History({ ...columns, origin });
  }

  /** Event `i` as a plain object, its `index` the one in the whole history; for messages and reports, not for passes over many events. */
  op(i: number): Op {
    const process = this.columns.process[i]!;
    const key = this.key(i);
    const node = this.node(i);
    const error = this.error(i);
    return {
      index: this.origin(i),
      time: this.columns.time[i]!,
      process: process === NEMESIS ? 'nemesis' : process,
      type: OP_TYPES[this.columns.type[i]!]!,
      f: this.fName(i),
      value: this.value(i),
      ...(key === undefined ? {} : { key }),
      ...(node === undefined ? {} : { node }),
      ...(error === undefined ? {} : { error }),
    };
  }

  *[Symbol.iterator](): IterableIterator<Op> {
    for (let i = 0; i < this.length; i++) yield this.op(i);
  }
}

/** Where `event` stands among the first `below` of the ascending `events`, or -1. */
function positionOf(event: number, events: Int32Array, below: number): number {
  let low = 0;
  let high = below - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = events[middle]!;
    if (found === event) return middle;
    if (found < event) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
