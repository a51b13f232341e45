import { type Key, NEMESIS, OP_TYPES, type Op } from './op.ts';

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

  /** Event `i` as a plain object; for messages and reports, not for passes over many events. */
  op(i: number): Op {
    const process = this.columns.process[i]!;
    const key = this.key(i);
    const node = this.node(i);
    const error = this.error(i);
    return {
      index: i,
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
