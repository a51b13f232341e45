import type { NodeId } from '../../faults/fault.ts';
import { type LiarState, type LiePolicy, lie, listen, newLiar } from '../../faults/lie.ts';
import type { RandomStream } from '../../world/random.ts';
import { signedAnew } from '../../world/signature.ts';

/** What a node says to its peers instead of what its program says, while it lies. */
export class Liar {
  private readonly node: NodeId;
  private readonly random: RandomStream;
  private policy: LiePolicy | null = null;
  private state: LiarState = newLiar();

  constructor(node: NodeId, random: RandomStream) {
    this.node = node;
    this.random = random;
  }

  /** Begins to lie, or ends it and forgets what was heard. */
  lies(policy: LiePolicy | null): void {
    this.policy = policy;
    if (policy === null) this.state = newLiar();
  }

  hears(message: unknown): void {
    if (this.policy !== null) listen(this.state, message);
  }

  /** What goes out for a message of the program. Its own signature under a falsehood is good; others' are not. */
  says(message: unknown): readonly unknown[] {
    if (this.policy === null) return [message];
    return lie(this.policy, this.state, message, this.random).map((said) =>
      said === message ? said : signedAnew(this.node, said),
    );
  }
}
