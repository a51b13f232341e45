import type { CutMode, Grudge, Link, NodeId } from './fault.ts';
import type { LinkPolicy, LinkState } from './link.ts';

/**
 * The policies of all directed links between some nodes, numbered `from * nodes + to`: what cuts and shapes have made of
 * them. Carrying packets by them is the world's affair.
 */
export class LinkTable {
  readonly size: number;
  readonly policies: LinkPolicy[];
  readonly states: readonly LinkState[];
  private readonly indexOf: ReadonlyMap<NodeId, number>;
  private readonly healthy: LinkPolicy;
  private readonly shapes: Partial<LinkPolicy>[];
  private readonly cuts: (CutMode | 'none')[];

  constructor(nodes: readonly NodeId[], healthy: LinkPolicy) {
    this.size = nodes.length;
    this.indexOf = new Map(nodes.map((node, i) => [node, i]));
    this.healthy = healthy;
    const links = this.size * this.size;
    this.policies = new Array(links).fill(healthy);
    this.states = Array.from({ length: links }, () => ({ lastArrival: 0, busyUntil: 0 }));
    this.shapes = Array.from({ length: links }, () => ({}));
    this.cuts = new Array(links).fill('none');
  }

  cut(grudge: Grudge, mode: CutMode): void {
    for (const link of this.refused(grudge)) this.setCut(link, mode);
  }

  /** Heals the cuts of `grudge`, or all. */
  heal(grudge?: Grudge): void {
    const links = grudge === undefined ? this.cuts.keys() : this.refused(grudge);
    for (const link of links) this.setCut(link, 'none');
  }

  shape(links: readonly Link[], policy: Partial<LinkPolicy>): void {
    for (const link of this.numbers(links)) {
      this.shapes[link] = { ...this.shapes[link], ...policy };
      this.refresh(link);
    }
  }

  /** Gives the links, or all, their first policy back. Returns those that had another. */
  unshape(links?: readonly Link[]): number[] {
    const shaped = [...(links === undefined ? this.shapes.keys() : this.numbers(links))].filter(
      (link) => Object.keys(this.shapes[link]!).length > 0,
    );
    for (const link of shaped) {
      this.shapes[link] = {};
      this.refresh(link);
    }
    return shaped;
  }

  private refused(grudge: Grudge): number[] {
    return this.numbers(
      Object.entries(grudge).flatMap(([to, senders]) => senders.map((from) => [from, to] as const)),
    );
  }

  private setCut(link: number, cut: CutMode | 'none'): void {
    this.cuts[link] = cut;
    this.refresh(link);
  }

  private refresh(link: number): void {
    this.policies[link] = { ...this.healthy, ...this.shapes[link], cut: this.cuts[link]! };
  }

  private numbers(links: readonly Link[]): number[] {
    return links.map(([from, to]) => this.index(from) * this.size + this.index(to));
  }

  private index(node: NodeId): number {
    const i = this.indexOf.get(node);
    if (i === undefined) throw new Error(`no node "${node}" in this network`);
    return i;
  }
}
