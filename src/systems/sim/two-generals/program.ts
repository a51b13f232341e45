import type { NodeId } from '../../../faults/fault.ts';
import type { NodeContext, NodeProgram, RequestId } from '../../../world/node-program.ts';
import type { Query } from '../shared/request-client.ts';

/** A messenger: the plan (0), its acknowledgement (1), the acknowledgement of that (2) ... */
export interface Messenger {
  readonly battle: string;
  readonly number: number;
}

/** One of two generals who attack together or not at all; each has the other for his only peer. */
export class TwoGeneralsProgram implements NodeProgram<Messenger, Query> {
  private readonly context: NodeContext<Messenger>;
  /** The number of the last messenger: so many acknowledgements are enough for both to attack. */
  private readonly last: number;
  private readonly attacks = new Set<string>();

  constructor(context: NodeContext<Messenger>, acknowledgements: number) {
    this.context = context;
    this.last = acknowledgements;
  }

  /** `plan`: proposes a battle, the key. `log`: → the battles in which this general attacks. */
  onRequest(request: RequestId, { f, key }: Query): void {
    if (f === 'plan') this.send({ battle: String(key), number: 0 });
    const value = f === 'log' ? [...this.attacks].map((battle) => [battle, 'attack']) : null;
    this.context.reply(request, { type: 'ok', value });
  }

  onMessage(_from: NodeId, { battle, number }: Messenger): void {
    if (number < this.last) this.send({ battle, number: number + 1 });
    // Nobody answers the last messenger: who gets it has heard all that he ever will.
    else this.attacks.add(battle);
  }

  private send(messenger: Messenger): void {
    for (const peer of this.context.peers) this.context.send(peer, messenger);
    // Who sends the last messenger never learns whether he arrived. However many there are, this is the gap: whoever
    // waits for one more moves it to the other side (Gray 1978, section 5.8.3.3.1).
    if (messenger.number === this.last) this.attacks.add(messenger.battle);
  }
}
