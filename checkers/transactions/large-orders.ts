import type { Budget } from '../checker.ts';
import { type AnomalyKind, refutedBy } from './anomalies.ts';
import type { Chains } from './chains.ts';
import { eachNewer, type Graph } from './graph.ts';
import { acknowledged, type Transactions } from './micro-operations.ts';
import { type ConsistencyModel, impliedBy } from './models.ts';
import { ORDER_CLASSES } from './order-classes.ts';
import { type KnownOrder, type OrderProblem, orderProblem } from './order-problem.ts';
import type { Level } from './order-state.ts';
import type { ReadsFrom } from './reads-from.ts';
import { Steps } from './steps.ts';
import { type OrderFinding, searchVersionOrders } from './version-orders.ts';
import { VersionReads } from './version-readers.ts';
import { windowSearch } from './window-search.ts';
import { type Mode, type OlderWriters, WitnessSearch } from './witness.ts';

export interface LargeSearch {
  /** Whether an order was found that satisfies the model. */
  readonly possible: boolean;
  readonly findings: readonly (OrderFinding & { readonly problem: OrderProblem })[];
  readonly undecided: ReadonlySet<AnomalyKind>;
}

export interface LargeInput {
  readonly txns: Transactions;
  readonly readsFrom: ReadsFrom;
  readonly sessions: Chains;
  readonly graph: Graph;
  readonly isKnown: KnownOrder;
  readonly model: ConsistencyModel;
  readonly refuted: ReadonlySet<ConsistencyModel>;
  readonly budget: Budget;
}

/** Deadlocks of each pass that are looked into. */
const DEADLOCKS = 5;
/** Transactions of a deadlock, beyond which it isn't looked into. */
const LARGEST = 150;
/** Steps that go into one deadlock. */
const STEPS_FOR_DEADLOCK = 2_000_000;

/** Weak models for which transactions are seen by way of others. */
const FAR = [
  'causality-violation',
  'PRAM-violation',
  'monotonic-reads-violation',
  'monotonic-writes-violation',
  'writes-follow-reads-violation',
] as const satisfies readonly AnomalyKind[];

/** What an order of the transactions proves, from the strongest on. */
const PASSES: readonly { readonly proves: ConsistencyModel; readonly level: Level; readonly mode: Mode }[] = [
  { proves: 'strict-serializable', level: { session: true, realtime: true }, mode: 'serial' },
  { proves: 'strong-session-serializable', level: { session: true, realtime: false }, mode: 'serial' },
  { proves: 'serializable', level: { session: false, realtime: false }, mode: 'serial' },
  { proves: 'strong-snapshot-isolation', level: { session: true, realtime: true }, mode: 'snapshot' },
  {
    proves: 'strong-session-snapshot-isolation',
    level: { session: true, realtime: false },
    mode: 'snapshot',
  },
  { proves: 'snapshot-isolation', level: { session: false, realtime: false }, mode: 'snapshot' },
];

/**
 * Whether a history of many transactions satisfies a model for which the order of versions matters. An order of the
 * transactions that explains all reads is proof that it does. Where the search for one gets stuck, the transactions in
 * each other's way are few enough to try all orders of their versions: that finds the proof that it doesn't.
 */
export function searchLargeHistory(input: LargeInput): LargeSearch {
  const { model } = input;
  const undecided = new Set<AnomalyKind>();
  const strongest = ORDER_CLASSES.filter(({ kind }) => refutedBy(kind).has(model)).at(-1);
  // A model whose own check only looks near is better left to that; for others an order is worth a try.
  if (strongest === undefined && !FAR.some((kind) => refutedBy(kind).has(model))) {
    return { possible: false, findings: [], undecided };
  }
  const search = new Search(input, strongest === undefined ? 0 : DEADLOCKS);
  for (const { proves, level, mode } of passesFor(model)) {
    if (search.refuted.has(proves)) continue;
    if (search.pass(level, mode) !== true) continue;
    const possible = impliedBy(proves).has(model) && !search.refuted.has(model);
    if (possible) return { possible, findings: [], undecided };
    break;
  }
  if (strongest !== undefined && !search.refuted.has(model)) undecided.add(strongest.kind);
  return { possible: false, findings: search.findings, undecided };
}

/** Those that prove the model or something that it implies; or else those that prove more, but no more than they must. */
function passesFor(model: ConsistencyModel): typeof PASSES {
  const within = PASSES.filter(({ proves }) => impliedBy(model).has(proves));
  if (within.length > 0) return within;
  const above = PASSES.filter(({ proves }) => impliedBy(proves).has(model));
  return above.filter(
    ({ proves, mode }) =>
      !above.some(
        (other) => other.mode === mode && other.proves !== proves && impliedBy(proves).has(other.proves),
      ),
  );
}

class Search {
  readonly findings: (OrderFinding & { problem: OrderProblem })[] = [];
  readonly refuted: Set<ConsistencyModel>;
  private looked = 0;
  private readonly patience: number;
  private readonly input: LargeInput;
  private readonly older: OlderWriters;
  private readonly reads: VersionReads;
  private readonly deadlines: Int32Array;

  /** `patience`: how many deadlocks of each pass are looked into. */
  constructor(input: LargeInput, patience: number) {
    this.input = input;
    this.patience = patience;
    this.refuted = new Set(input.refuted);
    this.older = olderWriters(input.graph);
    this.reads = new VersionReads(input.txns, input.readsFrom);
    this.deadlines = acknowledged(input.txns);
  }

  /** Looks for an order; true when there is one. */
  pass(level: Level, mode: Mode): boolean | 'undecided' {
    const { txns, readsFrom, sessions, budget } = this.input;
    this.looked = 0;
    const search = new WitnessSearch(
      txns,
      readsFrom,
      sessions,
      this.reads,
      this.older,
      this.deadlines,
      level,
      mode,
    );
    const found = search.run(new Steps(budget.steps), (deadlock) => this.lookInto(deadlock.txns));
    // The witness search is quick, but gives up where many are under way at a time.
    return found !== true && mode === 'serial' && level.realtime ? this.followAll() : found;
  }

  /** Follows all ways in which the transactions can have taken effect one by one in real time. */
  private followAll(): boolean | 'undecided' {
    const { txns, readsFrom, budget } = this.input;
    if (this.refuted.has('strict-serializable')) return false;
    const found = windowSearch(txns, readsFrom, this.reads, this.older, new Steps(budget.steps));
    if (typeof found !== 'object') return found;
    this.looked = 0;
    this.lookInto(found.stuck);
    return false;
  }

  /** Tries all version orders of a few transactions. False when enough has been looked at. */
  private lookInto(stuck: readonly number[]): boolean {
    const { txns, readsFrom, sessions, isKnown, model } = this.input;
    if (this.looked++ >= this.patience) return false;
    if (stuck.length > LARGEST) return true;
    const nodes = Int32Array.from(stuck.filter((t) => readsFrom.committed[t] === 1)).sort();
    const problem = orderProblem(txns, readsFrom, sessions, nodes, isKnown);
    const orders = searchVersionOrders(problem, model, this.refuted, new Steps(STEPS_FOR_DEADLOCK));
    for (const finding of orders.findings) {
      this.findings.push({ ...finding, problem });
      for (const each of refutedBy(finding.kind.kind)) this.refuted.add(each);
    }
    return true;
  }
}

/** The known version orders turned around. */
function olderWriters(graph: Graph): OlderWriters {
  const first = new Int32Array(graph.txnCount + 1);
  const each = (visit: (older: number, newer: number) => void) => {
    for (let v = 0; v < graph.txnCount; v++) eachNewer(graph, v, (w) => visit(v, w));
  };
  each((_, newer) => first[newer + 1]!++);
  for (let t = 0; t < graph.txnCount; t++) first[t + 1]! += first[t]!;
  const end = first.slice(0, graph.txnCount);
  const writers = new Int32Array(first[graph.txnCount]!);
  each((older, newer) => {
    writers[end[newer]!++] = older;
  });
  return { first, writers };
}
