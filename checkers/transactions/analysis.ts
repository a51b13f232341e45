import { OK } from '../../histories/op.ts';
import type { Budget, Verdict } from '../checker.ts';
import type { Findings } from '../findings.ts';
import { type AnomalyKind, refutedBy } from './anomalies.ts';
import { sessionChains } from './chains.ts';
import { findCycles } from './cycle-search.ts';
import { type Reasons, type Story, tellCycle } from './cycle-story.ts';
import type { Graph } from './graph.ts';
import { searchLargeHistory } from './large-orders.ts';
import { type Transactions, WRITE } from './micro-operations.ts';
import { type ConsistencyModel, impliedBy } from './models.ts';
import { type KnownOrder, orderProblem } from './order-problem.ts';
import { tellRefutation } from './order-story.ts';
import { pramViolations } from './pram.ts';
import type { ReadsFrom } from './reads-from.ts';
import { Steps } from './steps.ts';
import { transactionVerdict } from './verdict.ts';
import { searchVersionOrders } from './version-orders.ts';
import { weakIsolation } from './weak-isolation.ts';
import { WeakStories } from './weak-story.ts';
import { WrittenKeys } from './written-keys.ts';

/** What a workload's own part of the checker has found out. */
export interface Resolved {
  readonly checker: string;
  readonly txns: Transactions;
  readonly readsFrom: ReadsFrom;
  /** The dependencies that are known. */
  readonly graph: Graph;
  /** Whether the graph's version orders are complete, so that no cycle means that the history is in order. */
  readonly complete: boolean;
  readonly isKnown: KnownOrder;
  /** Whether the order of a key's versions is known, but for those that nobody read. */
  readonly isOrdered: (key: number) => boolean;
  readonly reasons: Reasons;
  /** What single reads showed. */
  readonly findings: Findings;
  readonly vacuous: readonly string[];
}

/** Histories of so many committed transactions are checked with every order of versions that is possible. */
const SMALL = 200;
/** Up to so many committed transactions, PRAM is checked. */
const SMALL_FOR_PRAM = 1000;

const OUT_OF_STEPS = 'the steps ran out';
const NO_ORDER_NO_PROOF =
  'no order of the transactions was found that explains everything, and no proof that there is none';
const TOO_MANY_FOR_PRAM = `there are more than ${SMALL_FOR_PRAM} transactions`;

/** Looks for everything that refutes `model`, and sums up. */
export function analyse(resolved: Resolved, model: ConsistencyModel, budget: Budget): Verdict {
  const { checker, txns, readsFrom, findings } = resolved;
  const analysis = new Analysis(resolved, model, budget);
  analysis.run();
  return transactionVerdict(checker, model, txns, findings, {
    found: analysis.found,
    undecided: analysis.undecided,
    vacuous: resolved.vacuous,
    committed: count(readsFrom.committed, 1),
    acknowledged: count(txns.status, OK),
  });
}

function count(column: Uint8Array, value: number): number {
  let n = 0;
  for (let i = 0; i < column.length; i++) if (column[i] === value) n++;
  return n;
}

/** One check: what it has found so far. */
class Analysis {
  readonly found: Set<AnomalyKind>;
  /** Kinds of which it can't be said whether there are any, with the reason. */
  readonly undecided = new Map<AnomalyKind, string>();
  private readonly resolved: Resolved;
  private readonly model: ConsistencyModel;
  private readonly budget: Budget;
  /** The operations of each proof told, so that none is told twice under a rarer name. */
  private readonly proofs = new Set<string>();

  constructor(resolved: Resolved, model: ConsistencyModel, budget: Budget) {
    this.resolved = resolved;
    this.model = model;
    this.budget = budget;
    this.found = new Set(Object.keys(resolved.findings.counts()) as AnomalyKind[]);
  }

  run(): void {
    const { txns, graph, reasons, complete } = this.resolved;
    const search = findCycles(graph, (t) => this.updates(t), this.model, this.steps());
    for (const cycle of search.cycles) this.add(cycle.kind, tellCycle(txns, cycle, reasons));
    this.giveUp(search.undecided, OUT_OF_STEPS);
    const refuted = this.refuted();
    if (complete && this.isSettled(search.proves, refuted)) return;
    if (this.checkVersionOrders(refuted)) return;
    this.checkWeakModels(refuted);
    this.checkPram();
  }

  /** True when an order of versions was found that satisfies the model, and so all that it implies. */
  private checkVersionOrders(refuted: ReadonlySet<ConsistencyModel>): boolean {
    const { txns, readsFrom, graph, isKnown, reasons } = this.resolved;
    const { model, budget } = this;
    const sessions = sessionChains(txns, readsFrom.committed);
    const committed = this.committed(SMALL);
    if (committed === undefined) {
      const search = searchLargeHistory({
        txns,
        readsFrom,
        sessions,
        graph,
        isKnown,
        model,
        refuted,
        budget,
      });
      for (const { kind, refutation, problem } of [...search.findings].reverse()) {
        this.add(kind.kind, tellRefutation(problem, kind, refutation, reasons));
      }
      this.giveUp(search.undecided, NO_ORDER_NO_PROOF);
      return search.possible;
    }
    const problem = orderProblem(txns, readsFrom, sessions, committed, isKnown);
    const search = searchVersionOrders(problem, model, refuted, this.steps());
    // The strongest first: it is the one with the plainest name.
    for (const { kind, refutation } of [...search.findings].reverse()) {
      this.add(kind.kind, tellRefutation(problem, kind, refutation, reasons));
    }
    this.giveUp(search.undecided, OUT_OF_STEPS);
    return search.possible;
  }

  private checkWeakModels(refuted: ReadonlySet<ConsistencyModel>): void {
    const { txns, readsFrom, graph, isOrdered, reasons } = this.resolved;
    const { model, budget } = this;
    const weak = weakIsolation({
      txns,
      readsFrom,
      graph,
      isOrdered,
      model,
      refuted,
      steps: this.steps(),
      bytes: budget.bytes / 2,
    });
    if (weak.violations.length > 0) {
      const stories = new WeakStories(txns, readsFrom, graph, reasons);
      for (const violation of weak.violations) this.add(violation.model.kind, stories.tell(violation));
    }
    this.giveUp(weak.undecided, OUT_OF_STEPS);
  }

  private checkPram(): void {
    const { txns, readsFrom, graph, reasons } = this.resolved;
    if (!refutedBy('PRAM-violation').has(this.model) || this.refuted().has('PRAM')) return;
    const committed = this.committed(SMALL_FOR_PRAM);
    const sessions = sessionChains(txns, readsFrom.committed);
    const written = new WrittenKeys(txns);
    const violations =
      committed === undefined
        ? 'undecided'
        : pramViolations(txns, readsFrom, sessions, written, graph, committed, this.steps());
    if (violations === 'undecided') {
      this.giveUp(['PRAM-violation'], committed === undefined ? TOO_MANY_FOR_PRAM : OUT_OF_STEPS);
      return;
    }
    for (const { cycle } of violations) {
      this.add('PRAM-violation', tellCycle(txns, { kind: 'PRAM-violation', edges: cycle }, reasons));
    }
  }

  private giveUp(kinds: Iterable<AnomalyKind>, reason: string): void {
    for (const kind of kinds) this.undecided.set(kind, reason);
  }

  private add(kind: AnomalyKind, { message, ops }: Story): void {
    this.found.add(kind);
    const proof = ops.join();
    if (RARE.has(kind) && this.proofs.has(proof)) return;
    this.proofs.add(proof);
    this.resolved.findings.add(kind, ops, () => message);
  }

  private refuted(): Set<ConsistencyModel> {
    return new Set([...this.found].flatMap((kind) => [...refutedBy(kind)]));
  }

  /** Whether all that the model implies is either proven or refuted. */
  private isSettled(proven: ReadonlySet<ConsistencyModel>, refuted: ReadonlySet<ConsistencyModel>): boolean {
    return [...impliedBy(this.model)].every((each) => proven.has(each) || refuted.has(each));
  }

  private updates(t: number): boolean {
    const { firstOp, opKind } = this.resolved.txns;
    for (let o = firstOp[t]!; o < firstOp[t + 1]!; o++) if (opKind[o] === WRITE) return true;
    return false;
  }

  /** The committed transactions, unless there are more than `limit`. */
  private committed(limit: number): Int32Array | undefined {
    const { txns, readsFrom } = this.resolved;
    const committed: number[] = [];
    for (let t = 0; t < txns.size && committed.length <= limit; t++) {
      if (readsFrom.committed[t] === 1) committed.push(t);
    }
    return committed.length > limit ? undefined : Int32Array.from(committed);
  }

  private steps(): Steps {
    return new Steps(this.budget.steps);
  }
}

/** Names that say no more than another one, where both have the same proof. */
const RARE: ReadonlySet<AnomalyKind> = new Set(['update-atomic-violation', 'prefix-violation', 'G-update']);
