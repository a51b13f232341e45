import type { NodeId } from '../../../faults/fault.ts';
import type { Algorithm, Council, Deliberation } from './council.ts';
import { isOrder, type Order, RETREAT } from './order.ts';

/** "The last of these told me that the one before him told him that ... the first, the commander, ordered this." */
export interface OralMessage {
  readonly council: number;
  readonly path: readonly NodeId[];
  readonly order: Order;
}

/** OM(m), which bears m traitors among 3m + 1 generals or more (Lamport, Shostak and Pease 1982, section 3). */
export function oralMessages(m: number): Algorithm<OralMessage> {
  return {
    rounds: m + 1,
    councilOf: (message) => message.council,
    command: ({ number, commander }, order) => ({ council: number, path: [commander], order }),
    deliberation: (council, me) => new OralDeliberation(council, me, m),
  };
}

class OralDeliberation implements Deliberation<OralMessage> {
  private readonly council: Council;
  private readonly me: NodeId;
  private readonly m: number;
  /** What was heard by each path, as its text. */
  private readonly heard = new Map<string, OralMessage>();

  constructor(council: Council, me: NodeId, m: number) {
    this.council = council;
    this.me = me;
    this.m = m;
  }

  hear(from: NodeId, message: OralMessage, round: number): boolean {
    const { path, order } = message;
    if (!Array.isArray(path) || !isOrder(order) || !this.isPath(path)) return false;
    // Each lieutenant relays once, in its round, and the receiver knows who sent a message (A2).
    if (path.length !== round + 1 || path.at(-1) !== from || this.heard.has(path.join())) return false;
    this.heard.set(path.join(), message);
    return true;
  }

  /** OM(m), step 2: each acts as the commander of OM(m - 1) and sends what it has heard to all others. */
  tell(round: number): (readonly [NodeId, OralMessage])[] {
    const { council, me } = this;
    return [...this.heard.values()]
      .filter(({ path }) => path.length === round)
      .flatMap(({ path, order }) => {
        const message = { council: council.number, path: [...path, me], order };
        return this.others(path).map((to) => [to, message] as const);
      });
  }

  decide(): Order {
    return this.valueOf([this.council.commander]);
  }

  /** What this path comes to: OM(0), step 2, at its end; before, OM(m), step 3. */
  private valueOf(path: readonly NodeId[]): Order {
    const own = this.heard.get(path.join())?.order ?? RETREAT;
    if (path.length === this.m + 1) return own;
    return majority([own, ...this.others(path).map((general) => this.valueOf([...path, general]))]);
  }

  /** The other lieutenants that a message with this path has not passed. */
  private others(path: readonly NodeId[]): NodeId[] {
    return this.council.generals.filter((general) => general !== this.me && !path.includes(general));
  }

  /** From the commander over different generals, but not over this one. */
  private isPath(path: readonly NodeId[]): boolean {
    const { commander, generals } = this.council;
    const others = path.every((general) => generals.includes(general) && general !== this.me);
    return others && path[0] === commander && new Set(path).size === path.length;
  }
}

/** What more than half of them say; RETREAT if that is nothing. */
export function majority(orders: readonly Order[]): Order {
  const attacks = orders.filter((order) => order === 'attack').length;
  return 2 * attacks > orders.length ? 'attack' : RETREAT;
}
