import type { Grudge, Link, NodeId } from '../src/faults/fault.ts';
import { majority } from './targets.ts';

/** Nobody hears anybody outside its own component (Jepsen's complete grudge). */
export function split(components: readonly (readonly NodeId[])[]): Grudge {
  const all = components.flat();
  return grudgeOf(
    all,
    (to, from) => !components.some((component) => component.includes(to) && component.includes(from)),
  );
}

/** The first half of the nodes against the rest, which has one more if the number is odd. */
export function halves(nodes: readonly NodeId[]): Grudge {
  const middle = Math.floor(nodes.length / 2);
  return split([nodes.slice(0, middle), nodes.slice(middle)]);
}

/** One node alone, the others together. */
export function isolate(nodes: readonly NodeId[], alone: NodeId): Grudge {
  return split([[alone], nodes.filter((node) => node !== alone)]);
}

/** Two halves that don't hear each other, and a node, the first, that hears and is heard by both. At least 3 nodes. */
export function bridge(nodes: readonly NodeId[]): Grudge {
  const [middle, ...others] = nodes;
  const grudge = halves(others);
  return { ...grudge, [middle!]: [] };
}

/**
 * Each node hears itself and its nearest neighbours on a ring of the nodes: as few as make a majority, the same number
 * on both sides. So every node sees a majority and no two the same one, and hearing is mutual. At least 4 nodes: of 3
 * on a ring everyone is everyone's neighbour.
 */
export function ring(nodes: readonly NodeId[]): Grudge {
  const n = nodes.length;
  const reach = Math.ceil((majority(n) - 1) / 2);
  const place = new Map(nodes.map((node, i) => [node, i]));
  return grudgeOf(nodes, (to, from) => {
    const apart = Math.abs(place.get(to)! - place.get(from)!);
    return Math.min(apart, n - apart) > reach;
  });
}

/** `deaf` no longer hear `unheard`, who go on hearing them. */
export function oneWay(deaf: readonly NodeId[], unheard: readonly NodeId[]): Grudge {
  return Object.fromEntries(deaf.map((to) => [to, unheard]));
}

/** The directed links that a grudge cuts. */
export function cutLinks(grudge: Grudge): Link[] {
  return Object.entries(grudge).flatMap(([to, senders]) => senders.map((from): Link => [from, to]));
}

function grudgeOf(nodes: readonly NodeId[], refuses: (to: NodeId, from: NodeId) => boolean): Grudge {
  return Object.fromEntries(nodes.map((to) => [to, nodes.filter((from) => refuses(to, from))]));
}
