import type { Reasons, Story } from './cycle-story.ts';
import { reasonOf, storyOf } from './cycle-story.ts';
import { COMMIT, FOLLOWS, type Graph, SESSION, WR } from './graph.ts';
import type { Transactions } from './micro-operations.ts';
import { type CycleEdge, PathSearch } from './path-search.ts';
import { type ReadsFrom, sourceTxn } from './reads-from.ts';
import { Steps } from './steps.ts';
import type { WeakModel } from './visibility.ts';
import type { WeakViolation } from './weak-isolation.ts';
import { readText, txnName } from './wording.ts';

/** Tells violations of weak models: what a transaction had seen, by what way, and what it read nevertheless. */
export class WeakStories {
  private readonly txns: Transactions;
  private readonly readsFrom: ReadsFrom;
  private readonly graph: Graph;
  private readonly paths: PathSearch;
  private readonly reasons: Reasons;

  constructor(txns: Transactions, readsFrom: ReadsFrom, graph: Graph, reasons: Reasons) {
    this.txns = txns;
    this.readsFrom = readsFrom;
    this.graph = graph;
    this.paths = new PathSearch(graph);
    this.reasons = reasons;
  }

  tell(violation: WeakViolation): Story {
    const { txns } = this;
    const lead = LEADS[violation.model.kind.replace(/-process$/, '')] ?? violation.model.kind;
    if ('read' in violation) {
      const { text, members } = this.missed(violation.model, violation.visible, violation.read);
      return storyOf(txns, `${lead}. ${text}.`, members);
    }
    const members: number[] = [];
    const told = violation.cycle.map((edge) => {
      const step = this.step(violation.model, edge);
      members.push(edge.from, ...step.members);
      return step.text;
    });
    const first = txnName(txns, violation.cycle[0]!.from);
    return storyOf(txns, `${lead}. ${told.join(' ')} So ${first} must come before itself.`, members);
  }

  private step(model: WeakModel, edge: CycleEdge): { text: string; members: readonly number[] } {
    const [from, to] = [txnName(this.txns, edge.from), txnName(this.txns, edge.to)];
    if (edge.kind === COMMIT) {
      const { text, members } = this.missed(model, edge.from, edge.witness);
      return { text: `${text}: so ${from} came before ${to}.`, members: [...members, edge.to] };
    }
    if (edge.kind === FOLLOWS)
      return { text: `${to} came after ${from}: its process had read from it before.`, members: [] };
    const { text, shownBy } = reasonOf(this.txns, edge, this.reasons);
    return { text, members: shownBy };
  }

  /** How the transaction of `read` had seen `visible`, and that it read something else than what that one wrote. */
  private missed(
    model: WeakModel,
    visible: number,
    read: number,
  ): { text: string; members: readonly number[] } {
    const { txns, readsFrom, reasons } = this;
    const reader = txns.opTxn[read]!;
    const way = this.way(model, visible, reader);
    const [name, seen] = [txnName(txns, reader), txnName(txns, visible)];
    const source = sourceTxn(txns, readsFrom, read);
    const of = source < 0 ? '' : ` of ${txnName(txns, source)}`;
    const steps = way.map((edge) => reasonOf(txns, edge, reasons).text).join(' ');
    return {
      text: `${steps} ${name} had thus seen ${seen}, which ${reasons.wrote(visible, read)}, and still it ${readText(txns, read)}${of}`,
      members: [...way.map((edge) => edge.from), reader, ...(source < 0 ? [] : [source])],
    };
  }

  private way({ through }: WeakModel, visible: number, reader: number): readonly CycleEdge[] {
    const walk = { kinds: through.reads ? WR : 0, session: through.session, realtime: false, blocks: 0 };
    return (
      this.paths.shortest(
        visible,
        reader,
        walk,
        this.graph.size,
        SESSION,
        new Steps(Number.POSITIVE_INFINITY),
      ) ?? []
    );
  }
}

const LEADS: Readonly<Record<string, string>> = {
  'observed-transaction-vanishes': 'A transaction was seen and then vanished',
  'fractured-read': 'A transaction was seen in part',
  'causality-violation': 'Cause and effect in the wrong order',
  'PRAM-violation': "A session's writes seen in part",
  'read-your-writes-violation': 'A session did not read its own writes',
  'monotonic-reads-violation': 'A session read backwards in time',
  'monotonic-writes-violation': "A session's writes seen in the wrong order",
  'writes-follow-reads-violation': 'A write seen without what it followed',
};
