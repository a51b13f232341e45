import { faultsOf } from '../../../checkers/fault-spans.ts';
import type { History } from '../../../histories/history.ts';
import { INVOKE, NEMESIS } from '../../../histories/op.ts';
import type { NodeId } from '../../faults/fault.ts';
import type { Nanos } from '../../world/nanos.ts';
import type { Endpoint, Travel } from '../../world/travel.ts';
import { describeFault } from '../fault-table.ts';
import { type Proof, type ProofRow, rowOf } from '../proof.ts';

/** Messages that a picture can bear; of more, the last ones are left out. */
const MOST_TRAVELS = 160;

/** Operations of a picture of a run in which nothing is wrong. */
const FEW_OPERATIONS = 6;

/** A part of a run as it is to be drawn: who did what when, with what messages, under what faults. */
export interface Scene {
  readonly begin: Nanos;
  readonly end: Nanos;
  /** Clients first, then nodes. */
  readonly lanes: readonly Endpoint[];
  readonly operations: readonly ProofRow[];
  readonly travels: readonly Travel[];
  readonly faults: readonly SceneFault[];
}

export interface SceneFault {
  readonly kind: string;
  /** The node that it hit; absent where it hit links, or many. */
  readonly node: NodeId | undefined;
  readonly begin: Nanos;
  readonly end: Nanos;
  readonly about: string;
}

/** What was seen of a run from outside. */
export interface Observed {
  readonly history: History;
  readonly travels: readonly Travel[];
  readonly nodes: readonly NodeId[];
}

/** The operations that prove an anomaly, with the messages that were sent while one of them was under way. */
export function sceneOfProof({ rows }: Proof, observed: Observed): Scene {
  return sceneOf(rows, observed);
}

/** The first few operations that succeeded. */
export function sceneOfBeginning(observed: Observed): Scene {
  const { history } = observed;
  const rows: ProofRow[] = [];
  for (let i = 0; i < history.length && rows.length < FEW_OPERATIONS; i++) {
    if (history.type[i] !== INVOKE || history.process[i] === NEMESIS) continue;
    const row = rowOf(history, i);
    if (row.outcome === 'ok') rows.push(row);
  }
  return sceneOf(rows, observed);
}

function sceneOf(operations: readonly ProofRow[], { history, travels, nodes }: Observed): Scene {
  const begin = Math.min(...operations.map(({ start }) => start));
  const end = Math.max(...operations.map((row) => row.end ?? row.start));
  const clients = [...new Set(operations.map(({ process }) => process))].sort(
    (a, b) => Number(a) - Number(b),
  );
  const lanes: Endpoint[] = [...clients.filter((process) => typeof process === 'number'), ...nodes];
  const underWay = (time: Nanos) =>
    operations.some((row) => time >= row.start && time <= (row.end ?? row.start));
  const shown = travels.filter(
    ({ from, to, sent }) => underWay(sent) && lanes.includes(from) && lanes.includes(to),
  );
  return {
    begin,
    end,
    lanes,
    operations,
    travels: shown.slice(0, MOST_TRAVELS),
    faults: faultsWithin(history, begin, end),
  };
}

function faultsWithin(history: History, begin: Nanos, end: Nanos): SceneFault[] {
  return faultsOf(history)
    .spans.filter((span) => span.begin <= end && span.end >= begin)
    .map((span) => ({
      kind: span.kind,
      node: span.node,
      begin: Math.max(begin, span.begin),
      end: Math.min(end, span.end),
      about: `${span.kind} ${describeFault({ kind: span.kind, value: history.value(span.from) })}`,
    }));
}
