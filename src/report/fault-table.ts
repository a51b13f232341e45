import type { Grudge, NodeId } from '../faults/fault.ts';
import { cut, table } from './layout.ts';
import type { Proof, ProofFault } from './proof.ts';
import type { Style } from './style.ts';

/** The faults at work during a proof, a line each; nothing when there were none. */
export function faultTable({ faults, moreFaults }: Proof, { paint, width }: Style, indent: string): string {
  if (faults.length === 0) return '';
  const more = moreFaults === 0 ? '' : `, after ${moreFaults} earlier`;
  const rows = faults.map(({ kind, value, begin, end }) => [
    `${seconds(begin)} - ${end === undefined ? 'the end' : seconds(end)}`,
    kind,
    describeFault({ kind, value }),
  ]);
  const room =
    width - indent.length - Math.max(...rows.map(([time, kind]) => time!.length + kind!.length)) - 4;
  const lines = rows.map(([time, kind, what]) => [time!, kind!, cut(what!, room)]);
  return `${indent}${paint.dim(`faults meanwhile (s)${more}`)}\n${table(lines, indent)}`;
}

/** What a fault did, in a few words. */
export function describeFault({ kind, value }: Pick<ProofFault, 'kind' | 'value'>): string {
  const { node, grudge, mode, by, ...rest } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (kind === 'network/cut') return describeGrudge(grudge as Grudge);
  const words = [node, typeof by === 'number' ? signedSeconds(by) : undefined, mode].filter(
    (word) => word !== undefined,
  );
  const others = Object.entries(rest).map(
    ([name, what]) => `${name} ${JSON.stringify(what).replaceAll('"', '')}`,
  );
  return [...words, others.join(', ')].join(' ').trim();
}

/** `n1 n2 | n3 n4 n5` where nobody hears across; else who is deaf to whom. */
function describeGrudge(grudge: Grudge): string {
  const deaf = Object.entries(grudge).filter(([, senders]) => senders.length > 0);
  const parts = partsOf(grudge);
  if (parts !== undefined) return parts.map((part) => part.join(' ')).join(' | ');
  return deaf.map(([to, senders]) => `${to} deaf to ${[...senders].sort().join(' ')}`).join(', ');
}

/** The parts into which a grudge splits the nodes; undefined when it is no clean split. */
function partsOf(grudge: Grudge): NodeId[][] | undefined {
  const nodes = [...new Set([...Object.keys(grudge), ...Object.values(grudge).flat()])].sort();
  const deaf = (to: NodeId, from: NodeId) => grudge[to]?.includes(from) ?? false;
  const parts: NodeId[][] = [];
  for (const node of nodes) {
    const part = parts.find(([first]) => !deaf(first!, node));
    if (part === undefined) parts.push([node]);
    else part.push(node);
  }
  const partOf = (node: NodeId) => parts.findIndex((part) => part.includes(node));
  const clean = nodes.every((a) => nodes.every((b) => a === b || deaf(a, b) === (partOf(a) !== partOf(b))));
  return clean ? parts : undefined;
}

function seconds(t: number): string {
  return (t / 1e9).toFixed(3);
}

function signedSeconds(t: number): string {
  return `${t < 0 ? '' : '+'}${seconds(t)} s`;
}
