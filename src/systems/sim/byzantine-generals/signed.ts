import type { NodeId } from '../../../faults/fault.ts';
import { isAuthentic, type Signed, sign } from '../../../world/signature.ts';
import type { Algorithm, Council, Deliberation } from './council.ts';
import { isOrder, type Order, RETREAT } from './order.ts';

interface Statement {
  readonly council: number;
  readonly order: Order;
}

/** An order signed by the commander, and then by each who passed it on: v:0:j1:...:jk. */
export type SignedMessage = Signed<Statement | SignedMessage>;

/** SM(m), which bears m traitors among m + 2 generals or more (Lamport, Shostak and Pease 1982, section 4). */
export function signedMessages(m: number, bugs: ReadonlySet<string>): Algorithm<SignedMessage> {
  return {
    rounds: m + 1,
    councilOf: (message) => unwrap(message).statement?.council,
    command: ({ number, commander }, order) => sign(commander, { council: number, order }),
    deliberation: (council, me) => new SignedDeliberation(council, me, bugs),
  };
}

class SignedDeliberation implements Deliberation<SignedMessage> {
  private readonly council: Council;
  private readonly me: NodeId;
  private readonly bugs: ReadonlySet<string>;
  /** V: the orders that the commander has signed, as far as this lieutenant knows. */
  private readonly orders = new Set<Order>();
  private news: SignedMessage[] = [];

  constructor(council: Council, me: NodeId, bugs: ReadonlySet<string>) {
    this.council = council;
    this.me = me;
    this.bugs = bugs;
  }

  /** SM(m), step 2: a properly signed order that is not in V yet goes into it. */
  hear(_from: NodeId, message: SignedMessage, round: number): boolean {
    const { signers, authentic, statement } = unwrap(message);
    // A4: a signature can't be forged, and anyone can verify it.
    if (!authentic && !this.bugs.has('unsigned-relay-believed')) return false;
    if (!isOrder(statement?.order) || !this.isChain(signers)) return false;
    // So many have passed it on as there were rounds, or a traitor has held it back (Dolev and Strong 1983, section 3).
    if (signers.length <= round || this.orders.has(statement.order)) return false;
    this.orders.add(statement.order);
    this.news.push(message);
    return true;
  }

  /** SM(m), step 2 (B) (ii): it adds its signature and sends it to all who have not signed. */
  tell(): (readonly [NodeId, SignedMessage])[] {
    const { news, council, me } = this;
    this.news = [];
    return news.flatMap((message) => {
      const { signers } = unwrap(message);
      const relayed = sign(me, message);
      const others = council.generals.filter((general) => general !== me && !signers.includes(general));
      return others.map((to) => [to, relayed] as const);
    });
  }

  /** SM(m), step 3: choice(V) is the one order in it, and RETREAT if there are two or none. */
  decide(): Order {
    const [order] = this.orders;
    return this.orders.size === 1 ? order! : RETREAT;
  }

  private isChain(signers: readonly NodeId[]): boolean {
    const { commander, generals } = this.council;
    const others = signers.every((general) => generals.includes(general) && general !== this.me);
    return others && signers[0] === commander && new Set(signers).size === signers.length;
  }
}

/** The statement, who signed it, the commander first, and whether all of these signatures are theirs. */
function unwrap(message: unknown): {
  readonly signers: readonly NodeId[];
  readonly authentic: boolean;
  readonly statement: Partial<Statement> | undefined;
} {
  const signers: NodeId[] = [];
  let authentic = true;
  let inner = message;
  while (typeof inner === 'object' && inner !== null && 'signed' in inner && 'by' in inner) {
    authentic &&= isAuthentic(inner);
    signers.unshift(String(inner.by));
    inner = inner.signed;
  }
  const statement = typeof inner === 'object' && inner !== null ? inner : undefined;
  return { signers, authentic, statement };
}
