import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { BROADCAST_LADDER, BROADCAST_LEVELS, LEVELS } from '../checkers/broadcast/levels.ts';
import { OBJECT_MODELS } from '../checkers/glossary/object-models.ts';
import { TRANSACTION_MODELS } from '../checkers/glossary/transaction-models.ts';
import { CONSISTENCY_MODELS, directlyImpliedBy } from '../checkers/transactions/models.ts';

/** A relation to draw: who implies whom, the stronger above. */
interface Lattice {
  /** Each name with what it means. */
  readonly nodes: Readonly<Record<string, string>>;
  readonly edges: readonly (readonly [stronger: string, weaker: string])[];
}

/** The consistency models of single operations, as SVG. */
export function objectLattice(): Promise<string> {
  const edges = Object.entries(OBJECT_MODELS).flatMap(([stronger, { implies }]) =>
    implies.map((weaker) => [stronger, weaker] as const),
  );
  const nodes = Object.fromEntries(Object.entries(OBJECT_MODELS).map(([name, { about }]) => [name, about]));
  return drawn({ nodes, edges });
}

/** The consistency models of transactions, as SVG. */
export function transactionLattice(): Promise<string> {
  const edges = CONSISTENCY_MODELS.flatMap((stronger) =>
    directlyImpliedBy(stronger).map((weaker) => [stronger, weaker] as const),
  );
  return drawn({ nodes: TRANSACTION_MODELS, edges });
}

/** The ladder of broadcast models, as SVG. */
export function broadcastLadder(): Promise<string> {
  const nodes = Object.fromEntries(BROADCAST_LEVELS.map((level) => [level, LEVELS[level].join(', ')]));
  return drawn({ nodes, edges: BROADCAST_LADDER.map(({ stronger, weaker }) => [stronger, weaker] as const) });
}

async function drawn({ nodes, edges }: Lattice): Promise<string> {
  const graphviz = await Graphviz.load();
  const dot = [
    'digraph {',
    'bgcolor="white"; ranksep=0.35; nodesep=0.25;',
    'node [shape=box, style="rounded,filled", fillcolor="#f6f8fa", color="#8b949e", fontname="Helvetica", fontsize=12, height=0.3];',
    'edge [color="#5b7fb5", arrowsize=0.6];',
    ...Object.entries(nodes).map(([name, about]) => `${quoted(name)} [tooltip=${quoted(about)}];`),
    ...edges.map(([stronger, weaker]) => `${quoted(stronger)} -> ${quoted(weaker)};`),
    '}',
  ].join('\n');
  return `${graphviz.dot(dot).trimEnd()}\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`;
}
