import { NEVER } from '../intervals.ts';
import { CAS, INITIAL, READ, type RegisterOperations, WRITE } from './encode.ts';

/**
 * The operations of a register by the value they saw or installed (Gibbons and Korach 1997), for values that
 * are written once. A cluster is a value's writer and its readers. A compare-and-set from a to b makes the
 * cluster of b follow that of a directly, with nothing between, so clusters form chains, and each chain is
 * one unbroken stretch of every linearization. Cluster 0 is the initial value's.
 */
export interface Chains {
  count: number;
  /**
   * Invocation of the first pending operation that is left out, as nobody saw its value; `NEVER` if there is
   * none.
   */
  firstLeftOut: number;
  /** Value of each cluster. */
  readonly value: Int32Array;
  /** Operation that installed it; -1 for the initial value. */
  readonly writer: Int32Array;
  /**
   * The operation with the least completion, and the one with the greatest invocation; -1 where there is
   * none.
   */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** The next and previous cluster of the chain, or -1. */
  readonly next: Int32Array;
  readonly previous: Int32Array;
  /** The cluster of each value that somebody saw; -1 for the others. Only values of this register count. */
  readonly ofValue: Int32Array;
}

export type ClusterViolation =
  | { readonly kind: 'thin-air'; readonly reader: number }
  | { readonly kind: 'future'; readonly reader: number; readonly writer: number }
  | { readonly kind: 'double-cas'; readonly first: number; readonly second: number };

/** Writer codes of `ChainBuilder.writerOf` besides operation indices. */
const NOBODY = -1;
const INITIALLY = -2;

/** Builds chains of one register after another; its tables are used again each time. */
export class ChainBuilder {
  readonly chains: Chains;
  /** What is wrong with the chains just built. */
  violations: ClusterViolation[] = [];
  /** By value: the operation that writes it. */
  private readonly writerOf: Int32Array;
  private readonly writers: Uint8Array;
  private readonly seen: Uint8Array;

  constructor(values: number, operations: number) {
    const column = (length: number) => new Int32Array(length);
    this.writerOf = column(values).fill(NOBODY);
    this.writers = new Uint8Array(values);
    this.seen = new Uint8Array(values);
    this.chains = {
      count: 0,
      firstLeftOut: NEVER,
      value: column(operations + 1),
      writer: column(operations + 1),
      first: column(operations + 1),
      last: column(operations + 1),
      next: column(operations + 1),
      previous: column(operations + 1),
      ofValue: column(values).fill(-1),
    };
  }

  /** The chains of `ops`; undefined when a value that was seen has several writers. */
  build(ops: RegisterOperations): Chains | undefined {
    this.chains.count = 0;
    this.chains.firstLeftOut = NEVER;
    this.violations = [];
    this.noteWriters(ops);
    if (this.noteSeen(ops)) {
      this.cluster(ops);
      return this.chains;
    }
    this.forget(ops);
    return undefined;
  }

  /** Clears the tables for the next register. */
  forget(ops: RegisterOperations): void {
    const { kind, value, next } = ops;
    for (let i = 0; i < kind.length; i++) {
      this.clear(value[i]!);
      if (kind[i] === CAS) this.clear(next[i]!);
    }
    this.clear(INITIAL);
  }

  private clear(v: number): void {
    this.writerOf[v] = NOBODY;
    this.writers[v] = 0;
    this.seen[v] = 0;
    this.chains.ofValue[v] = -1;
  }

  private noteWriters({ kind, value, next }: RegisterOperations): void {
    this.writerOf[INITIAL] = INITIALLY;
    this.writers[INITIAL] = 1;
    for (let i = 0; i < kind.length; i++) {
      const installed = kind[i] === WRITE ? value[i]! : kind[i] === CAS ? next[i]! : -1;
      if (installed < 0) continue;
      this.writerOf[installed] = i;
      if (this.writers[installed]! < 2) this.writers[installed]!++;
    }
  }

  /**
   * Marks the values that a completed operation saw, and those that pending operations must have seen for
   * that: a pending compare-and-set counts only if the value it installs is needed. False when a value seen
   * has several writers.
   */
  private noteSeen({ kind, value, ret }: RegisterOperations): boolean {
    for (let i = 0; i < kind.length; i++) {
      if (ret[i] === NEVER || (kind[i] !== READ && kind[i] !== CAS)) continue;
      let v = value[i]!;
      while (this.seen[v] === 0) {
        this.seen[v] = 1;
        if (this.writers[v]! > 1) return false;
        const writer = this.writerOf[v]!;
        if (writer < 0 || kind[writer] !== CAS) break;
        v = value[writer]!;
      }
    }
    return true;
  }

  private cluster(ops: RegisterOperations): void {
    const { kind, value, next, call, ret } = ops;
    const { ofValue } = this.chains;
    this.addCluster(INITIAL, -1);
    ofValue[INITIAL] = 0;
    for (let i = 0; i < kind.length; i++) {
      const installed = kind[i] === WRITE ? value[i]! : kind[i] === CAS ? next[i]! : -1;
      if (installed < 0) continue;
      if (ret[i] === NEVER && this.seen[installed] === 0) {
        this.chains.firstLeftOut = Math.min(this.chains.firstLeftOut, call[i]!);
        continue;
      }
      // Of a value nobody saw there may be many writes; each stands alone.
      const cluster = this.addCluster(installed, i);
      if (this.seen[installed] === 1) ofValue[installed] = cluster;
      this.include(ops, cluster, i);
    }
    for (let i = 0; i < kind.length; i++) {
      if (kind[i] === READ) this.addReader(ops, i);
    }
    for (let cluster = 1; cluster < this.chains.count; cluster++) this.link(ops, cluster);
  }

  private addCluster(value: number, writer: number): number {
    const { chains } = this;
    const cluster = chains.count++;
    chains.value[cluster] = value;
    chains.writer[cluster] = writer;
    chains.first[cluster] = chains.last[cluster] = chains.next[cluster] = chains.previous[cluster] = -1;
    return cluster;
  }

  private include({ call, ret }: RegisterOperations, cluster: number, op: number): void {
    const { first, last } = this.chains;
    if (first[cluster]! < 0 || ret[op]! < ret[first[cluster]!]!) first[cluster] = op;
    if (last[cluster]! < 0 || call[op]! > call[last[cluster]!]!) last[cluster] = op;
  }

  private addReader(ops: RegisterOperations, reader: number): void {
    const cluster = this.chains.ofValue[ops.value[reader]!]!;
    if (cluster < 0) {
      this.violations.push({ kind: 'thin-air', reader });
      return;
    }
    const writer = this.chains.writer[cluster]!;
    if (writer >= 0 && ops.ret[reader]! < ops.call[writer]!)
      this.violations.push({ kind: 'future', reader, writer });
    this.include(ops, cluster, reader);
  }

  private link(ops: RegisterOperations, cluster: number): void {
    const { chains } = this;
    const cas = chains.writer[cluster]!;
    if (ops.kind[cas] !== CAS) return;
    const from = chains.ofValue[ops.value[cas]!]!;
    if (from < 0) this.violations.push({ kind: 'thin-air', reader: cas });
    else if (chains.next[from]! >= 0) {
      this.violations.push({ kind: 'double-cas', first: chains.writer[chains.next[from]!]!, second: cas });
    } else {
      chains.next[from] = cluster;
      chains.previous[cluster] = from;
    }
  }
}
