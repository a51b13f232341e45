import type { Nanos } from '../../../world/nanos.ts';
import type { NodeContext } from '../../../world/node-program.ts';
import { propose } from '../shared/multi-paxos/leader.ts';
import type { Message } from '../shared/multi-paxos/messages.ts';
import { MultiPaxosProgram } from '../shared/multi-paxos/program.ts';
import { Locks } from './locks.ts';
import type { Settings } from './settings.ts';

/** Leases are looked at so many times while one lasts. */
const LOOKS = 8;

/** A replica of the locks. Whichever leads ends leases, by commands in the log, so that all replicas do it alike. */
export class LockServiceProgram extends MultiPaxosProgram {
  private readonly locks: Locks;
  private readonly lease: Nanos;

  constructor(context: NodeContext<Message>, settings: Settings, bugs: ReadonlySet<string>) {
    // How long a lease has lasted is for the monotonic clock to say: a wall clock that is set forward ends it early.
    const clock = () => (bugs.has('lease-by-wall-clock') ? context.wallClock() : context.monotonic());
    const machine = new Locks(clock, bugs);
    super(context, { settings, bugs: new Set(), machine });
    this.locks = machine;
    this.lease = settings['lock-lease'];
  }

  override onStart(): void {
    super.onStart();
    this.lookLater();
  }

  override onTimer(name: string): void {
    if (name !== 'leases') {
      super.onTimer(name);
      return;
    }
    this.lookLater();
    if (!this.leads()) return;
    for (const { key, token } of this.locks.overdue(this.lease)) {
      // The token is the sequence number: proposed twice, it ends that acquisition and no later one.
      const operation = { f: 'expire', key, value: token };
      propose(this.node, { type: 'command', client: `lease of ${key}`, sequence: token, operation }, null);
    }
  }

  private lookLater(): void {
    this.node.context.setTimer('leases', Math.floor(this.lease / LOOKS));
  }
}
