import type { NodeId } from '../../../faults/fault.ts';
import type { RequestId } from '../../../world/node-program.ts';
import type { Query } from '../shared/log-client.ts';
import type { OutputCommit } from '../shared/output-commit.ts';
import type { Answer } from '../shared/state-machine.ts';
import { StubbornLinks } from '../shared/stubborn-links.ts';
import { idOf, type RpcMessage } from './messages.ts';

/** A call that has no result yet. */
interface Pending {
  readonly request: RequestId;
  /** It has been sent for a whole round of retries. */
  old: boolean;
}

/**
 * The caller's side (Birrell and Nelson 1984): sends a call to the server again and again, always with the same id,
 * until the result comes.
 */
export class Stub {
  private readonly output: OutputCommit<RpcMessage>;
  private readonly server: NodeId;
  private readonly bugs: ReadonlySet<string>;
  private readonly links: StubbornLinks<Query>;
  private readonly pending = new Map<string, Pending>();

  constructor(output: OutputCommit<RpcMessage>, server: NodeId, bugs: ReadonlySet<string>) {
    this.output = output;
    this.server = server;
    this.bugs = bugs;
    this.links = new StubbornLinks((to, calls) => output.send(to, { type: 'calls', calls }));
  }

  call(request: RequestId, query: Query): void {
    this.pending.set(idOf(query), { request, old: false });
    this.links.send(this.server, idOf(query), query);
  }

  onResult(id: string, answer: Answer): void {
    this.links.acknowledge(this.server, [id]);
    const pending = this.pending.get(id);
    this.pending.delete(id);
    if (pending !== undefined) this.output.reply(pending.request, answer);
  }

  /** Called every so often. */
  onTick(): void {
    // At most once: what got no answer is given up, and said to have failed; but it may have been performed.
    if (this.bugs.has('no-retry')) this.giveUpOld();
    else this.links.resend();
  }

  private giveUpOld(): void {
    for (const [id, pending] of this.pending) {
      if (pending.old) this.onResult(id, { type: 'fail', error: 'timeout' });
      pending.old = true;
    }
  }
}
