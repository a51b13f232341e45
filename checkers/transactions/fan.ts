import { type GraphBuilder, VIA } from './graph.ts';

/**
 * Adds edges to all members of a set but one, for many sources, in space linear in the set: two chains of junctions,
 * of which one leads to the members from some place on and the other to those up to some place.
 */
export class Fan {
  private readonly builder: GraphBuilder;
  private readonly members: readonly number[];
  private readonly places: Map<number, number>;
  private readonly upwards: number[] = [];
  private readonly downwards: number[] = [];

  constructor(builder: GraphBuilder, members: readonly number[]) {
    this.builder = builder;
    this.members = members;
    this.places = new Map(members.map((member, i) => [member, i]));
    if (members.length < 2) return;
    for (const member of members) {
      const down = this.chain(member, this.downwards.at(-1));
      this.downwards.push(down);
    }
    for (let i = members.length - 1; i >= 0; i--) {
      this.upwards[i] = this.chain(members[i]!, this.upwards[i + 1]);
    }
  }

  /** Edges from `from` to every member other than itself. */
  edges(from: number, kind: number, witness: number): void {
    const { builder, members } = this;
    if (members.length < 2) {
      if (members.length === 1) builder.edge(from, members[0]!, kind, witness);
      return;
    }
    const place = this.places.get(from);
    if (place === undefined) {
      builder.edge(from, this.upwards[0]!, kind, witness);
      return;
    }
    if (place > 0) builder.edge(from, this.downwards[place - 1]!, kind, witness);
    if (place + 1 < members.length) builder.edge(from, this.upwards[place + 1]!, kind, witness);
  }

  private chain(member: number, following: number | undefined): number {
    const junction = this.builder.junction();
    this.builder.edge(junction, member, VIA, -1);
    if (following !== undefined) this.builder.edge(junction, following, VIA, -1);
    return junction;
  }
}
