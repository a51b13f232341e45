import type { Dialect } from '../../../checkers/transactions/micro-operations.ts';
import type { ConsistencyModel } from '../../../checkers/transactions/models.ts';
import type { OpEvent } from '../../../histories/op.ts';

/**
 * Consistency models of transactions by their definitions, decided by trying out everything. Good for a handful of
 * transactions. Shares nothing with the checkers.
 */

export type Micro = readonly ['r' | 'w' | 'append', string, unknown];

/** A transaction as the events tell it. */
export interface Txn {
  readonly process: number;
  readonly micros: readonly Micro[];
  readonly status: 'ok' | 'fail' | 'info';
  readonly begin: number;
  /** Infinite when unknown. */
  readonly end: number;
}

export function transactionsOf(events: readonly OpEvent[]): Txn[] {
  const txns: Txn[] = [];
  events.forEach((event, begin) => {
    if (event.type !== 'invoke') return;
    const end = events.findIndex((e, i) => i > begin && e.process === event.process);
    const completion = end < 0 ? undefined : events[end];
    const status = completion === undefined || completion.type === 'invoke' ? 'info' : completion.type;
    const known = status === 'ok' ? completion! : event;
    txns.push({
      process: event.process as number,
      micros: known.value as Micro[],
      status: status as Txn['status'],
      begin,
      end: status === 'ok' ? end : Number.POSITIVE_INFINITY,
    });
  });
  return txns;
}

type Level = 'plain' | 'session' | 'realtime';

/** Whether some choice of what the unknown transactions did satisfies the model. */
export function holds(model: ConsistencyModel, txns: readonly Txn[], dialect: Dialect): boolean {
  const decide = DEFINITIONS[model];
  if (decide === undefined) throw new Error(`no definition of ${model}`);
  const unknown = txns.filter((t) => t.status === 'info');
  for (let mask = 0; mask < 1 << unknown.length; mask++) {
    const lost = unknown.filter((_, i) => ((mask >> i) & 1) === 0);
    // What an unknown transaction wrote counts as committed once somebody read it.
    if (lost.some((t) => isRead(t, txns))) continue;
    const run = new Run(txns, lost, dialect);
    if (decide(run)) return true;
  }
  return false;
}

function isRead(writer: Txn, txns: readonly Txn[]): boolean {
  return writer.micros.some(
    ([f, key, value]) =>
      f !== 'r' &&
      txns.some(
        (t) =>
          t.status === 'ok' &&
          t.micros.some(
            ([g, k, v]) => g === 'r' && k === key && (v === value || (Array.isArray(v) && v.includes(value))),
          ),
      ),
  );
}

/** The definitions that are tried out here. */
export const DEFINED_MODELS = (): ConsistencyModel[] => Object.keys(DEFINITIONS) as ConsistencyModel[];

interface Read {
  readonly reader: number;
  readonly at: number;
  readonly key: string;
  /** Whose version was read; -1 for the initial one. */
  readonly source: number;
}

/** One choice of which transactions took effect. */
class Run {
  readonly dialect: Dialect;
  readonly txns: readonly Txn[];
  readonly keys: readonly string[];
  /** Reads of versions that other committed transactions left, or of the initial one. */
  readonly reads: readonly Read[];
  /** A read of something that no committed transaction left behind: aborted, intermediate, out of thin air. */
  readonly dirty: boolean;
  /** A transaction contradicts what it itself read or wrote before. */
  readonly inconsistent: boolean;
  /** Of lists: by key, what the longest read shows; undefined when reads contradict each other. */
  readonly lists = new Map<string, readonly unknown[] | undefined>();
  readonly duplicates: boolean;

  constructor(all: readonly Txn[], lost: readonly Txn[], dialect: Dialect) {
    this.dialect = dialect;
    this.txns = all.filter((t) => t.status !== 'fail' && !lost.includes(t));
    this.keys = [...new Set(all.flatMap((t) => t.micros.map(([, key]) => key)))];
    const answered = all.filter((t) => t.status === 'ok');
    let dirty = false;
    let duplicates = false;
    if (dialect === 'list-append') {
      for (const key of this.keys) {
        const lists = answered.flatMap((t) =>
          t.micros.filter(([f, k]) => f === 'r' && k === key).map((m) => listOf(m)),
        );
        const longest = lists.reduce((a, b) => (b.length > a.length ? b : a), []);
        const agree = lists.every((list) => list.every((element, i) => element === longest[i]));
        if (!agree) dirty = true;
        const twice = lists.some((list) => new Set(list).size < list.length);
        if (twice) duplicates = true;
        this.lists.set(key, agree && !twice ? longest : undefined);
      }
    }
    const reads: Read[] = [];
    let inconsistent = false;
    this.txns.forEach((t, reader) => {
      if (t.status !== 'ok') return;
      t.micros.forEach((micro, at) => {
        if (micro[0] !== 'r') return;
        const seen = dialect === 'list-append' ? this.listRead(t, at) : this.registerRead(t, at);
        if (seen.dirty) dirty = true;
        if (seen.inconsistent) inconsistent = true;
        if (seen.source !== undefined) reads.push({ reader, at, key: micro[1], source: seen.source });
      });
    });
    this.reads = reads;
    this.dirty = dirty;
    this.duplicates = duplicates;
    this.inconsistent = inconsistent;
  }

  writes(t: number, key: string): unknown[] {
    return this.txns[t]!.micros.filter(([f, k]) => f !== 'r' && k === key).map((micro) => micro[2]);
  }

  writers(key: string): number[] {
    return this.txns.flatMap((_, t) => (this.writes(t, key).length > 0 ? [t] : []));
  }

  precedes(a: number, b: number, level: Level): boolean {
    const [s, t] = [this.txns[a]!, this.txns[b]!];
    if (a === b || level === 'plain' || s.status !== 'ok') return false;
    return (s.process === t.process && s.begin < t.begin) || (level === 'realtime' && s.end < t.begin);
  }

  private registerRead(t: Txn, at: number): { source?: number; dirty?: boolean; inconsistent?: boolean } {
    const [, key, value] = t.micros[at]!;
    const before = t.micros
      .slice(0, at)
      .filter(([, k]) => k === key)
      .at(-1);
    const inconsistent = before !== undefined && before[2] !== value;
    if (value === null) return { source: -1, inconsistent };
    const own = t.micros.findIndex(([f, k, v]) => f !== 'r' && k === key && v === value);
    if (own >= 0) return { inconsistent, dirty: own > at };
    const source = this.txns.findIndex((_, u) => this.writes(u, key).includes(value));
    if (source < 0) return { dirty: true, inconsistent };
    return { source, inconsistent, dirty: this.writes(source, key).at(-1) !== value };
  }

  /** Whether of what each transaction appended a list shows a beginning, in order. */
  private keepsProgramOrder(key: string, list: readonly unknown[]): boolean {
    return this.txns.every((_, t) => {
      const mine = this.writes(t, key);
      const shown = list.filter((element) => mine.includes(element));
      return shown.every((element, i) => element === mine[i]);
    });
  }

  private listRead(t: Txn, at: number): { source?: number; dirty?: boolean; inconsistent?: boolean } {
    const [, key] = t.micros[at]!;
    const list = listOf(t.micros[at]!);
    let expected: unknown[] | undefined;
    const own: unknown[] = [];
    for (const micro of t.micros.slice(0, at)) {
      if (micro[1] !== key) continue;
      if (micro[0] === 'r') {
        expected = [...listOf(micro)];
        own.length = 0;
      } else own.push(micro[2]);
    }
    const whole =
      expected === undefined
        ? [...list.slice(0, Math.max(0, list.length - own.length)), ...own]
        : [...expected, ...own];
    const inconsistent = JSON.stringify(whole) !== JSON.stringify(list) || !this.keepsProgramOrder(key, list);
    const mine = t.micros.filter(([f, k]) => f !== 'r' && k === key).map((micro) => micro[2]);
    const ahead = t.micros.slice(at).some(([f, k, v]) => f !== 'r' && k === key && list.includes(v));
    let length = list.length;
    while (length > 0 && mine.includes(list[length - 1])) length--;
    const unknown = list.some((element) => !this.txns.some((_, u) => this.writes(u, key).includes(element)));
    if (length === 0) return { source: -1, inconsistent, dirty: unknown || ahead };
    const source = this.txns.findIndex((_, u) => this.writes(u, key).includes(list[length - 1]));
    if (source < 0) return { dirty: true, inconsistent };
    const middle = this.writes(source, key).at(-1) !== list[length - 1];
    return { source, inconsistent, dirty: unknown || ahead || middle };
  }
}

function listOf(micro: Micro): readonly unknown[] {
  return (micro[2] ?? []) as unknown[];
}

/** By key the writes in the order of the versions: a transaction may stand in it more than once. */
type VersionOrder = ReadonlyMap<string, readonly number[]>;

/** Every order of versions that the reads of lists allow. */
function* versionOrders(run: Run): Generator<VersionOrder> {
  const choices = run.keys.map((key) => [...ordersOfKey(run, key)]);
  yield* combine(choices, 0, new Map());

  function* combine(
    left: readonly (readonly number[])[][],
    i: number,
    chosen: Map<string, readonly number[]>,
  ): Generator<VersionOrder> {
    if (i === left.length) {
      yield chosen;
      return;
    }
    for (const order of left[i]!) {
      chosen.set(run.keys[i]!, order);
      yield* combine(left, i + 1, chosen);
    }
  }
}

function* ordersOfKey(run: Run, key: string): Generator<readonly number[]> {
  const shown = run.dialect === 'list-append' ? run.lists.get(key) : undefined;
  if (shown === undefined) {
    yield* permutations(run.writers(key));
    return;
  }
  const first = shown.flatMap((element) => {
    const t = run.txns.findIndex((_, u) => run.writes(u, key).includes(element));
    return t < 0 ? [] : [t];
  });
  const unseen = run
    .writers(key)
    .filter((t) => run.writes(t, key).some((element) => !shown.includes(element)));
  for (const rest of permutations(unseen)) yield [...first, ...rest];
}

function* permutations(items: readonly number[]): Generator<number[]> {
  if (items.length === 0) yield [];
  for (let i = 0; i < items.length; i++) {
    const rest = [...items.slice(0, i), ...items.slice(i + 1)];
    for (const tail of permutations(rest)) yield [items[i]!, ...tail];
  }
}

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly kind: 'ww' | 'wr' | 'rw' | 'order';
  readonly key?: string;
}

/** Adya's direct serialization graph, with anti-dependencies on all later versions. */
function edgesOf(run: Run, order: VersionOrder, level: Level): Edge[] {
  const edges: Edge[] = [];
  for (const [key, versions] of order) {
    versions.forEach((a, i) => {
      for (const b of versions.slice(i + 1)) if (a !== b) edges.push({ from: a, to: b, kind: 'ww', key });
    });
  }
  for (const { reader, key, source } of run.reads) {
    if (source >= 0) edges.push({ from: source, to: reader, kind: 'wr', key });
    const versions = order.get(key)!;
    const place = source < 0 ? -1 : versions.lastIndexOf(source);
    for (const b of versions.slice(place + 1))
      if (b !== reader) edges.push({ from: reader, to: b, kind: 'rw', key });
  }
  run.txns.forEach((_, a) => {
    run.txns.forEach((__, b) => {
      if (run.precedes(a, b, level)) edges.push({ from: a, to: b, kind: 'order' });
    });
  });
  return edges;
}

/** Whether `b` can be reached from `a` by one or more of these edges. */
function reaches(edges: readonly Edge[], a: number, b: number): boolean {
  const seen = new Set<number>();
  const open = [a];
  for (let v = open.pop(); v !== undefined; v = open.pop()) {
    for (const { from, to } of edges) {
      if (from !== v) continue;
      if (to === b) return true;
      if (!seen.has(to)) {
        seen.add(to);
        open.push(to);
      }
    }
  }
  return false;
}

function acyclic(edges: readonly Edge[]): boolean {
  return edges.every(({ from, to }) => !(from === to) && !reaches(edges, to, from));
}

function someOrder(
  run: Run,
  level: Level,
  good: (edges: readonly Edge[], order: VersionOrder) => boolean,
): boolean {
  for (const order of versionOrders(run)) if (good(edgesOf(run, order, level), order)) return true;
  return false;
}

const only = (edges: readonly Edge[], ...kinds: Edge['kind'][]) =>
  edges.filter(({ kind }) => kinds.includes(kind));
const dependencies = (edges: readonly Edge[]) => only(edges, 'ww', 'wr', 'order');

/** No anti-dependency closes a cycle of dependencies. */
function noSingle(edges: readonly Edge[]): boolean {
  const depends = dependencies(edges);
  return acyclic(depends) && only(edges, 'rw').every(({ from, to }) => !reaches(depends, to, from));
}

/** Adya's PL-CS: nobody overwrites a version it read after somebody else did. */
function noLostUpdate(edges: readonly Edge[]): boolean {
  return only(edges, 'rw').every(
    ({ from, to, key }) =>
      !edges.some((e) => e.kind === 'ww' && e.key === key && e.from === to && e.to === from),
  );
}

/** Runs the micro-operations of a transaction on a state; undefined when it can't have read what it read. */
function execute(run: Run, t: Txn, state: ReadonlyMap<string, unknown>): Map<string, unknown> | undefined {
  const own = new Map<string, unknown>();
  for (const [f, key, value] of t.micros) {
    const present = own.get(key) ?? state.get(key) ?? (run.dialect === 'list-append' ? [] : null);
    if (f === 'append') own.set(key, [...(present as unknown[]), value]);
    else if (f === 'w') own.set(key, value);
    else if (
      t.status === 'ok' &&
      JSON.stringify(value ?? (run.dialect === 'list-append' ? [] : null)) !== JSON.stringify(present)
    )
      return undefined;
  }
  return own;
}

/** Some order of all transactions, one after another, explains everything. */
function serial(run: Run, level: Level): boolean {
  return place(
    run.txns.map((_, t) => t),
    new Map(),
  );

  function place(left: readonly number[], state: ReadonlyMap<string, unknown>): boolean {
    if (left.length === 0) return true;
    return left.some((t) => {
      if (left.some((u) => run.precedes(u, t, level))) return false;
      const own = execute(run, run.txns[t]!, state);
      return (
        own !== undefined &&
        place(
          left.filter((u) => u !== t),
          new Map([...state, ...own]),
        )
      );
    });
  }
}

/** Some order of snapshots and commits explains everything, the first committer of a key winning. */
function snapshots(run: Run, level: Level): boolean {
  interface Open {
    readonly own: ReadonlyMap<string, unknown>;
    readonly versions: ReadonlyMap<string, number>;
  }
  return step(
    run.txns.map((_, t) => t),
    new Map(),
    new Map(),
    new Map(),
  );

  function step(
    waiting: readonly number[],
    open: ReadonlyMap<number, Open>,
    state: ReadonlyMap<string, unknown>,
    versions: ReadonlyMap<string, number>,
  ): boolean {
    if (waiting.length === 0 && open.size === 0) return true;
    const started = waiting.some((t) => {
      const early = [...waiting, ...open.keys()].some((u) => run.precedes(u, t, level));
      const own = early ? undefined : execute(run, run.txns[t]!, state);
      if (own === undefined) return false;
      return step(
        waiting.filter((u) => u !== t),
        new Map([...open, [t, { own, versions }]]),
        state,
        versions,
      );
    });
    if (started) return true;
    return [...open].some(([t, { own, versions: seen }]) => {
      if ([...own.keys()].some((key) => seen.get(key) !== versions.get(key))) return false;
      const next = new Map(open);
      next.delete(t);
      const written = [...own.keys()].map((key) => [key, (versions.get(key) ?? 0) + 1] as const);
      return step(waiting, next, new Map([...state, ...own]), new Map([...versions, ...written]));
    });
  }
}

/** An order of commits of all transactions, with what it makes of each key. */
function someCommitOrder(
  run: Run,
  level: Level,
  good: (before: (a: number, b: number) => boolean) => boolean,
): boolean {
  for (const order of permutations(run.txns.map((_, t) => t))) {
    const place = new Map(order.map((t, i) => [t, i]));
    const before = (a: number, b: number) => place.get(a)! < place.get(b)!;
    const respects = run.txns.every((_, a) =>
      run.txns.every((__, b) => !run.precedes(a, b, level) || before(a, b)),
    );
    const readsBack = run.reads.every(({ source, reader }) => source < 0 || before(source, reader));
    if (respects && readsBack && fitsLists(run, before) && good(before)) return true;
  }
  return false;
}

/** Whether an order of commits can be that of the versions that lists show. */
function fitsLists(run: Run, before: (a: number, b: number) => boolean): boolean {
  if (run.dialect !== 'list-append') return true;
  return run.keys.every((key) => {
    const sorted = run.writers(key).sort((a, b) => (before(a, b) ? -1 : 1));
    for (const order of ordersOfKey(run, key)) {
      const once = order.filter((t, i) => t !== order[i - 1]);
      if (JSON.stringify(once) === JSON.stringify(sorted)) return true;
    }
    return false;
  });
}

/** The axiom of Biswas and Enea 2019: of the writers of a key that a read's transaction saw, none comes after the source. */
function axiom(run: Run, level: Level, sees: (t: number, read: Read) => boolean): boolean {
  return someCommitOrder(run, level, (before) =>
    run.reads.every((read) =>
      run
        .writers(read.key)
        .every(
          (t) =>
            t === read.source ||
            t === read.reader ||
            !sees(t, read) ||
            (read.source >= 0 && before(t, read.source)),
        ),
    ),
  );
}

function readFrom(run: Run, reader: number): number[] {
  return run.reads.flatMap((read) => (read.reader === reader && read.source >= 0 ? [read.source] : []));
}

function happenedBefore(run: Run, a: number, b: number, level: Level): boolean {
  const edges: Edge[] = run.reads.flatMap(({ source, reader }) =>
    source < 0 ? [] : [{ from: source, to: reader, kind: 'wr' as const }],
  );
  run.txns.forEach((_, p) => {
    run.txns.forEach((__, q) => {
      if (run.precedes(p, q, level)) edges.push({ from: p, to: q, kind: 'order' });
    });
  });
  return reaches(edges, a, b);
}

/** Every session has an order of all transactions, in each session's order, that explains what it read. */
function pram(run: Run): boolean {
  return sessionsOf(run).every((process) => {
    for (const order of permutations(run.txns.map((_, t) => t))) {
      const place = new Map(order.map((t, i) => [t, i]));
      const before = (a: number, b: number) => place.get(a)! < place.get(b)!;
      const inOrder = run.txns.every((_, a) =>
        run.txns.every((__, b) => !run.precedes(a, b, 'session') || before(a, b)),
      );
      if (!inOrder || !fitsLists(run, before)) continue;
      const explained = run.reads.every(({ reader, key, source }) => {
        if (run.txns[reader]!.process !== process) return true;
        const last = run
          .writers(key)
          .filter((t) => before(t, reader))
          .sort((a, b) => (before(a, b) ? -1 : 1))
          .at(-1);
        return (last ?? -1) === source;
      });
      if (explained) return true;
    }
    return false;
  });
}

function sessionsOf(run: Run): number[] {
  return [...new Set(run.txns.map((t) => t.process))];
}

/** A session guarantee: each session's reads fit some order of the versions of each key. */
function guarantee(
  run: Run,
  sees: (t: number, reader: number) => boolean,
  demands: 'nothing' | 'writes' | 'follows' = 'nothing',
): boolean {
  const followed = (t: number, u: number, session: number) =>
    (demands === 'follows' || run.txns[u]!.process === session) &&
    run.txns.some((_, v) => (v === u || run.precedes(v, u, 'session')) && readFrom(run, v).includes(t));
  return sessionsOf(run).every((process) =>
    run.keys.every((key) => {
      const reads = run.reads.filter(
        (read) => read.key === key && run.txns[read.reader]!.process === process,
      );
      const orders = [...ordersOfKey(run, key)]
        .map((order) => order.filter((t, i) => t !== order[i - 1]))
        .filter((order) => new Set(order).size === order.length);
      const ordered = run.lists.get(key) !== undefined && orders.length > 0;
      for (const order of ordered ? orders : permutations(run.writers(key))) {
        const place = (t: number) => order.indexOf(t);
        const keeps = order.every((t, i) =>
          order.every((u, j) => {
            if (t === u || i < j) return true;
            const inTurn = (!ordered || demands === 'writes') && run.precedes(t, u, 'session');
            return !inTurn && !((!ordered || demands === 'follows') && followed(t, u, process));
          }),
        );
        const fits = reads.every(({ reader, source }) =>
          run
            .writers(key)
            .every(
              (t) =>
                t === source || t === reader || !sees(t, reader) || (source >= 0 && place(t) < place(source)),
            ),
        );
        if (keeps && fits) return true;
      }
      return false;
    }),
  );
}

const clean = (run: Run) => !run.dirty && !run.duplicates;
const whole = (run: Run) => clean(run) && !run.inconsistent;

/** What a session has read from by the time of a transaction, that one included. */
function readBy(run: Run, reader: number): number[] {
  return run.txns.flatMap((_, u) =>
    u === reader || run.precedes(u, reader, 'session') ? readFrom(run, u) : [],
  );
}

const DEFINITIONS: Partial<Record<ConsistencyModel, (run: Run) => boolean>> = {
  'strict-serializable': (run) => serial(run, 'realtime'),
  'strong-session-serializable': (run) => serial(run, 'session'),
  serializable: (run) => serial(run, 'plain'),
  'strong-snapshot-isolation': (run) => snapshots(run, 'realtime'),
  'strong-session-snapshot-isolation': (run) => snapshots(run, 'session'),
  'snapshot-isolation': (run) => snapshots(run, 'plain'),
  'repeatable-read': (run) => clean(run) && someOrder(run, 'plain', acyclic),
  'update-serializable': (run) =>
    clean(run) &&
    someOrder(run, 'plain', (edges) =>
      [-1, ...run.txns.keys()].every((one) => {
        const updates = (t: number) => run.txns[t]!.micros.some(([f]) => f !== 'r');
        return acyclic(edges.filter(({ from, to }) => [from, to].every((t) => t === one || updates(t))));
      }),
    ),
  'consistent-view': (run) => clean(run) && someOrder(run, 'plain', noSingle),
  'parallel-snapshot-isolation': (run) => whole(run) && someOrder(run, 'plain', noSingle),
  prefix: (run) =>
    whole(run) &&
    someCommitOrder(run, 'plain', (before) =>
      // Each transaction reads from the state after some prefix of the commits before its own.
      run.txns.every((_, reader) =>
        [-1, ...run.txns.keys()].some((last) => {
          if (last >= 0 && !before(last, reader)) return false;
          const inPrefix = (t: number) => last >= 0 && (t === last || before(t, last));
          return run.reads.every(({ reader: r, key, source }) => {
            if (r !== reader) return true;
            const seen = run
              .writers(key)
              .filter(inPrefix)
              .sort((a, b) => (before(a, b) ? -1 : 1))
              .at(-1);
            return (seen ?? -1) === source;
          });
        }),
      ),
    ),
  'update-atomic': (run) =>
    whole(run) &&
    someCommitOrder(run, 'plain', (before) => {
      const conflict = (a: number, b: number) =>
        run.keys.some((key) => run.writers(key).includes(a) && run.writers(key).includes(b));
      return run.reads.every(({ reader, key, source }) => {
        const sees = (t: number) =>
          readFrom(run, reader).includes(t) || (before(t, reader) && conflict(t, reader));
        const last = run
          .writers(key)
          .filter((t) => t !== reader && sees(t))
          .sort((a, b) => (before(a, b) ? -1 : 1))
          .at(-1);
        return (last ?? -1) === source;
      });
    }),
  'cursor-stability': (run) =>
    clean(run) && someOrder(run, 'plain', (edges) => acyclic(dependencies(edges)) && noLostUpdate(edges)),
  'causal-cerone': (run) =>
    whole(run) && axiom(run, 'plain', (t, { reader }) => happenedBefore(run, t, reader, 'plain')),
  causal: (run) =>
    whole(run) && axiom(run, 'session', (t, { reader }) => happenedBefore(run, t, reader, 'session')),
  'read-atomic': (run) =>
    whole(run) && axiom(run, 'plain', (t, { reader }) => readFrom(run, reader).includes(t)),
  'strong-session-read-atomic': (run) =>
    whole(run) &&
    axiom(
      run,
      'session',
      (t, { reader }) => readFrom(run, reader).includes(t) || run.precedes(t, reader, 'session'),
    ),
  'monotonic-atomic-view': (run) => clean(run) && axiom(run, 'plain', (t, read) => sawBefore(run, t, read)),
  'strong-session-monotonic-atomic-view': (run) =>
    clean(run) && axiom(run, 'session', (t, read) => sawBefore(run, t, read)),
  'read-committed': (run) => clean(run) && someOrder(run, 'plain', (edges) => acyclic(dependencies(edges))),
  'strong-session-read-committed': (run) =>
    clean(run) && someOrder(run, 'session', (edges) => acyclic(dependencies(edges))),
  'strong-read-committed': (run) =>
    clean(run) && someOrder(run, 'realtime', (edges) => acyclic(dependencies(edges))),
  'read-uncommitted': (run) =>
    !run.duplicates && someOrder(run, 'plain', (edges) => acyclic(only(edges, 'ww', 'order'))),
  'strong-session-read-uncommitted': (run) =>
    !run.duplicates && someOrder(run, 'session', (edges) => acyclic(only(edges, 'ww', 'order'))),
  'strong-read-uncommitted': (run) =>
    !run.duplicates && someOrder(run, 'realtime', (edges) => acyclic(only(edges, 'ww', 'order'))),
  PRAM: pram,
  'read-your-writes': (run) => guarantee(run, (t, reader) => run.precedes(t, reader, 'session')),
  'monotonic-reads': (run) =>
    guarantee(run, (t, reader) =>
      run.txns.some((_, u) => run.precedes(u, reader, 'session') && readFrom(run, u).includes(t)),
    ),
  'monotonic-writes': (run) =>
    guarantee(run, (t, reader) => readBy(run, reader).some((u) => run.precedes(t, u, 'session')), 'writes'),
  'writes-follow-reads': (run) =>
    guarantee(run, (t, reader) => readBy(run, reader).some((u) => readBy(run, u).includes(t)), 'follows'),
};

/** Whether the reader of `read` had read from `t` before it. */
function sawBefore(run: Run, t: number, { reader, at }: Read): boolean {
  return run.reads.some((read) => read.reader === reader && read.at < at && read.source === t);
}
