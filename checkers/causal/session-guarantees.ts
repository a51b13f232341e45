import type { Budget, Checker } from '../checker.ts';
import { cyclicComponents, Edges, shortCycle } from '../digraph.ts';
import type { Findings } from '../findings.ts';
import { judge } from './causal.ts';
import { type Demand, Demands } from './demands.ts';
import { describe, eventsOf } from './explain.ts';
import { INITIAL, type Sessions } from './sessions.ts';
import { type WritesByKey, writesByKey } from './writes-by-key.ts';

/** The four guarantees of Terry, Demers, Petersen, Spreitzer, Theimer and Welch (1994). */
export type SessionGuarantee =
  | 'read-your-writes'
  | 'monotonic-reads'
  | 'monotonic-writes'
  | 'writes-follow-reads';

export const SESSION_GUARANTEES: readonly SessionGuarantee[] = [
  'read-your-writes',
  'monotonic-reads',
  'monotonic-writes',
  'writes-follow-reads',
];

const ABOUT: Readonly<Record<SessionGuarantee, string>> = {
  'read-your-writes': 'a session sees what it wrote',
  'monotonic-reads': 'a session that saw a write goes on seeing it',
  'monotonic-writes': 'who sees a write sees what its session wrote before it',
  'writes-follow-reads': 'who sees a write sees what its session had read before it',
};

/**
 * One session guarantee, or all four, each reported on its own, for keyed registers. Operations as for `causal`.
 *
 * A guarantee says which writes a read must see: *read-your-writes*: those of its session before it; *monotonic-reads*:
 * those whose values its session had read before it; *monotonic-writes*: what was written before, in one session with,
 * a write that the reading session has read by then; *writes-follow-reads*: what a session had read before it wrote
 * something that the reading session has read by then, and that something too if both are of one key.
 *
 * It holds if for each session the writes to a key can be ordered so that a read returns the last of what it must see or
 * something after that, and the initial value only if it must see nothing. The order keeps, for one key, what each session
 * wrote in turn, and what the session read before what it then wrote (in writes-follow-reads: what any session did).
 * PRAM implies the first three, causal convergence and causal memory all four.
 */
export function sessionGuarantees(guarantees: readonly SessionGuarantee[] = SESSION_GUARANTEES): Checker {
  const [only] = guarantees;
  const single = guarantees.length === 1 && only !== undefined;
  const name = single ? only : 'session-guarantees';
  return {
    name,
    about: single
      ? `${ABOUT[only]} (registers)`
      : 'the four session guarantees of registers, each on its own',
    check: (history, { budget }) =>
      judge(name, history, (sessions, findings) => {
        const writes = writesByKey(sessions);
        for (const guarantee of guarantees) {
          const stopped = checkGuarantee(guarantee, sessions, writes, findings, budget);
          if (stopped !== undefined) return stopped;
        }
        return undefined;
      }),
  };
}

/** `from` comes before `to`: in one session, because a session read the one before it wrote the other, or by a demand. */
interface Step {
  readonly from: number;
  readonly to: number;
  readonly demand: Demand | undefined;
}

function checkGuarantee(
  guarantee: SessionGuarantee,
  sessions: Sessions,
  writes: WritesByKey,
  findings: Findings,
  budget: Budget,
): string | undefined {
  const overwriting = findOverwriting(sessions);
  const demands = new Demands(sessions, writes, overwriting.overwrites);
  const orders = new VersionOrders(sessions, writes, overwriting);
  let steps = 0;
  for (let p = 0; p < sessions.count; p++) {
    if (steps > budget.steps) return `the budget ran out after ${p} of ${sessions.count} sessions`;
    const demanded = demands.collect(p, guarantee);
    const broken = demanded[demanded.length - 1];
    if (broken?.to === INITIAL) {
      report(findings, sessions, guarantee, [{ from: broken.from, to: INITIAL, demand: broken }]);
      continue;
    }
    const found = orders.cycle(p, demanded, guarantee === 'writes-follow-reads');
    steps += found.steps;
    if (found.cycle !== undefined) report(findings, sessions, guarantee, found.cycle);
  }
  return undefined;
}

/** Where a session read a key and then wrote to it. */
interface Overwriting {
  /** The write that was read, and the session's next write to the key; session after session. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** Session `s` has the pairs `start[s]` to `start[s + 1] - 1`. */
  readonly start: readonly number[];
  /** Of each write whether its session had read a value of its key before it. */
  readonly overwrites: Uint8Array;
}

function findOverwriting({ count, start, size, key, writer }: Sessions): Overwriting {
  const from: number[] = [];
  const to: number[] = [];
  const starts = [0];
  const overwrites = new Uint8Array(size);
  for (let s = 0; s < count; s++) {
    /** By key: the values read since the session's last write to it. */
    const read = new Map<number, Set<number>>();
    const everRead = new Set<number>();
    for (let op = start[s]!; op < start[s + 1]!; op++) {
      const x = key[op]!;
      const write = writer[op]!;
      if (write === op) {
        for (const earlier of read.get(x) ?? []) to[from.push(earlier) - 1] = op;
        read.delete(x);
        if (everRead.has(x)) overwrites[op] = 1;
      } else if (write !== INITIAL) {
        everRead.add(x);
        const values = read.get(x);
        if (values === undefined) read.set(x, new Set([write]));
        else values.add(write);
      }
    }
    starts.push(from.length);
  }
  return { from, to, start: starts, overwrites };
}

/** Looks for cycles in what must be the order of the writes to each key. */
class VersionOrders {
  private readonly writes: WritesByKey;
  private readonly overwriting: Overwriting;
  private readonly nodeOf: Int32Array;
  private readonly nodeOwner: Int32Array;

  constructor(sessions: Sessions, writes: WritesByKey, overwriting: Overwriting) {
    this.writes = writes;
    this.overwriting = overwriting;
    this.nodeOf = new Int32Array(sessions.size);
    this.nodeOwner = new Int32Array(sessions.size).fill(-1);
  }

  /** `everybody`: what any session read before it wrote counts, not only what session `p` did. */
  cycle(
    p: number,
    demands: readonly Demand[],
    everybody: boolean,
  ): { cycle: Step[] | undefined; steps: number } {
    const { from, to, start } = this.overwriting;
    const first = everybody ? 0 : start[p]!;
    const last = everybody ? from.length : start[p + 1]!;
    const nodes: number[] = [];
    const node = (write: number): number => {
      if (this.nodeOwner[write] !== p) {
        this.nodeOwner[write] = p;
        this.nodeOf[write] = nodes.push(write) - 1;
      }
      return this.nodeOf[write]!;
    };
    const edges = new Edges();
    for (const demand of demands) edges.add(node(demand.from), node(demand.to));
    for (let i = first; i < last; i++) edges.add(node(from[i]!), node(to[i]!));
    this.chain(nodes, edges);
    const graph = edges.graph(nodes.length);
    const [component] = cyclicComponents(graph);
    const steps = nodes.length + edges.count;
    if (component === undefined) return { cycle: undefined, steps };
    const cycle = shortCycle(graph, component, () => false).map((edge) => {
      const label = graph.label[edge]!;
      return { from: nodes[edges.from[label]!]!, to: nodes[edges.to[label]!]!, demand: demands[label] };
    });
    return { cycle, steps };
  }

  /** Joins the writes of each session to each key in their order. */
  private chain(nodes: readonly number[], edges: Edges): void {
    const { slotOf } = this.writes;
    const previous = new Map<number, number>();
    for (const write of Int32Array.from(nodes).sort()) {
      const slot = slotOf[write]!;
      const before = previous.get(slot);
      if (before !== undefined) edges.add(this.nodeOf[before]!, this.nodeOf[write]!);
      previous.set(slot, write);
    }
  }
}

function report(
  findings: Findings,
  sessions: Sessions,
  guarantee: SessionGuarantee,
  cycle: readonly Step[],
): void {
  const { history, event, session } = sessions;
  const say = () => {
    const told = cycle.map(({ from, to, demand }) => {
      if (demand === undefined) {
        const why =
          session[from] === session[to] ? 'in its process' : 'for the process that wrote the second had read the first';
        return `${describe(sessions, from)} came before ${describe(sessions, to)} ${why}`;
      }
      const returned = to === INITIAL ? 'saw no value' : `returned the value of ${describe(sessions, to)}`;
      return `${describe(sessions, demand.read)} ${returned}, though ${describe(sessions, from)} had to be visible${whyVisible(sessions, guarantee, demand)}`;
    });
    return `${told.join('; ')}.`;
  };
  const ops = cycle.flatMap(({ from, to, demand }) => [
    from,
    ...(demand?.because ?? []),
    to,
    demand?.read ?? to,
  ]);
  const proof = eventsOf(
    sessions,
    ops.filter((op) => op !== INITIAL),
  ).sort((a, b) => a - b);
  const read = cycle.find((step) => step.demand !== undefined)?.demand?.read ?? cycle[0]!.from;
  findings.add(guarantee, proof, say, history.key(event[read]!));
}

function whyVisible(sessions: Sessions, guarantee: SessionGuarantee, { from, because }: Demand): string {
  const [a, b] = because;
  if (guarantee === 'read-your-writes' || a === undefined) return ' to the process that wrote it';
  if (guarantee === 'monotonic-reads' || (b === undefined && sessions.writer[a] === from)) {
    return ` since ${describe(sessions, a)}`;
  }
  if (b === undefined) return '';
  return guarantee === 'monotonic-writes'
    ? ` since ${describe(sessions, a)}, as ${describe(sessions, b)} followed it in its process`
    : ` since ${describe(sessions, b)}, as the process that wrote that had read it before: ${describe(sessions, a)}`;
}
