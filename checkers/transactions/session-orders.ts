import { type Among, isOther, staleReads, TOLD } from './commit-orders.ts';
import { components } from './components.ts';
import { anyCycle } from './cycles.ts';
import { COMMIT, eachNewer, FOLLOWS, GraphBuilder, induced, SESSION, WW } from './graph.ts';
import { firstWrite, WRITE } from './micro-operations.ts';
import { sourceTxn } from './reads-from.ts';
import type { WeakModel } from './visibility.ts';
import type { WeakViolation } from './weak-isolation.ts';

/** Must not be walked: the numbering of versions has no sessions. */
const ORDERS = { kinds: WW | COMMIT | SESSION | FOLLOWS, session: false, realtime: false };

/**
 * The violations of a session guarantee. A session's reads must be explained by an order of the versions of each key,
 * which may be another for another session. Where the order of versions is known, as of lists, all sessions have that,
 * and only monotonic writes and writes-follow-reads ask more of it.
 */
export function sessionViolations(model: WeakModel, among: Among): WeakViolation[] {
  const { txns, steps } = among;
  const violations = staleReads(model, among);
  const bySession = new Map<number, number[]>();
  for (const read of among.reads) {
    const session = txns.session[txns.opTxn[read]!]!;
    const reads = bySession.get(session);
    if (reads === undefined) bySession.set(session, [read]);
    else reads.push(read);
  }
  const versions = new Versions(among, model);
  for (const session of new Set([...bySession.keys(), ...versions.sessions()])) {
    if (violations.length >= TOLD || steps.exhausted) break;
    const cycle = versions.cycle(session, bySession.get(session) ?? []);
    if (cycle !== undefined) violations.push({ model, cycle });
  }
  return violations;
}

/** The versions written by the transactions of the part: their order as far as it is the same for all sessions. */
class Versions {
  private readonly among: Among;
  private readonly ids = new Map<number, number>();
  private readonly writes: number[] = [];
  private readonly model: WeakModel;
  private readonly common: (readonly [from: number, to: number, kind: number])[] = [];
  /** By session, its writes after reads from other writers of the key. */
  private readonly followed = new Map<number, (readonly [from: number, to: number])[]>();

  constructor(among: Among, model: WeakModel) {
    this.among = among;
    this.model = model;
    const { txns, part } = among;
    const last = new Map<string, number>();
    for (const t of part.nodes) {
      if (t >= txns.size || among.readsFrom.committed[t] === 0) continue;
      for (let o = txns.firstOp[t]!; o < txns.firstOp[t + 1]!; o++) {
        if (txns.opKind[o] !== WRITE || firstWrite(txns, t, txns.opKey[o]!) !== o) continue;
        const chain = `${txns.session[t]}:${txns.opKey[o]}`;
        const before = last.get(chain);
        const open = !among.isOrdered(txns.opKey[o]!);
        if (before !== undefined && (open || model.order === 'written-versions')) {
          this.common.push([before, this.id(o), SESSION]);
        }
        last.set(chain, this.id(o));
        if (open || model.order === 'followed-versions') this.addFollowed(o);
      }
    }
    this.addKnown();
  }

  /** Those for which there is something to check but their reads. */
  sessions(): Iterable<number> {
    return [-1, ...this.followed.keys()];
  }

  cycle(session: number, reads: readonly number[]): WeakCycle | undefined {
    const { model } = this;
    const { txns, readsFrom, views, steps } = this.among;
    const builder = new GraphBuilder(this.writes.length);
    for (const [from, to, kind] of this.common) builder.edge(from, to, kind, -1);
    for (const [owner, pairs] of this.followed) {
      if (model.order !== 'followed-versions' && owner !== session) continue;
      for (const [from, to] of pairs) builder.edge(from, to, FOLLOWS, -1);
    }
    for (const read of reads) {
      const key = txns.opKey[read]!;
      const source = sourceTxn(txns, readsFrom, read);
      const to = this.ids.get(firstWrite(txns, source, key));
      if (to === undefined) continue;
      model.seen(views, read, (t) => {
        if (t === source || !isOther(this.among, t, read)) return;
        const from = this.ids.get(firstWrite(txns, t, key));
        if (from !== undefined) builder.edge(from, to, COMMIT, read);
      });
    }
    const none = new Int32Array(this.writes.length);
    const graph = builder.build(none.fill(-1), none.slice().fill(this.writes.length));
    const [nodes] = components(graph, ORDERS).sort((a, b) => a.length - b.length);
    if (nodes === undefined) return undefined;
    const sub = induced(graph, nodes);
    const txnOf = (v: number) => txns.opTxn[this.writes[sub.nodes[v]!]!]!;
    const cycle = anyCycle(sub.graph, { ...ORDERS, blocks: 0 }, steps) ?? [];
    return cycle.map((edge) => ({
      ...edge,
      from: txnOf(edge.from),
      to: txnOf(edge.to),
      witness: edge.kind === COMMIT ? edge.witness : this.writes[sub.nodes[edge.to]!]!,
    }));
  }

  private id(write: number): number {
    let id = this.ids.get(write);
    if (id === undefined) this.ids.set(write, (id = this.writes.push(write) - 1));
    return id;
  }

  /** What the session of write `o` had read of the key before. */
  private addFollowed(o: number): void {
    const { txns, readsFrom, views } = this.among;
    const t = txns.opTxn[o]!;
    const key = txns.opKey[o]!;
    views.read(t, (source) => {
      const from = firstWrite(txns, source, key);
      if (from < 0 || source === t || readsFrom.committed[source] === 0) return;
      let pairs = this.followed.get(txns.session[t]!);
      if (pairs === undefined) this.followed.set(txns.session[t]!, (pairs = []));
      pairs.push([this.id(from), this.id(o)]);
    });
  }

  /** Neighbours in the known order of versions. */
  private addKnown(): void {
    const { txns, part } = this.among;
    const { graph, nodes } = part;
    for (let v = 0; v < graph.txnCount; v++) {
      eachNewer(graph, v, (w, witness) => {
        const key = txns.opKey[witness]!;
        if (!this.among.isOrdered(key)) return;
        const [a, b] = [nodes[v]!, nodes[w]!];
        this.common.push([this.id(firstWrite(txns, a, key)), this.id(firstWrite(txns, b, key)), WW]);
      });
    }
  }
}

type WeakCycle = Extract<WeakViolation, { cycle: unknown }>['cycle'];
