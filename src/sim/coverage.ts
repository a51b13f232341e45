import type { Fault, FaultKind } from '../faults/fault.ts';
import { UNDOES } from '../faults/repair.ts';
import { DELIVER, REQUEST, SYNCED, TIMER } from './event-queue.ts';
import { messageHash, mix, nameHash } from './feature-hash.ts';
import type { SimNode } from './node.ts';
import { Sketch } from './sketch.ts';

/** Events of a node that are remembered for what comes next. */
const MEMORY = 3;

const ILLS: readonly FaultKind[] = [...new Set(Object.values(UNDOES).flat())];

/**
 * Small abstractions of what happens in a run, as hashes: which events follow one another at a node, which happen under
 * which faults, and how the state of a node compares with that of the node that it hears from. A run that shows one that no
 * other has shown is worth changing: so fuzzers find their way into programs (Zalewski, AFL, 2013) and into distributed
 * systems (Meng, Pîrlea, Roychoudhury and Sergey, Greybox Fuzzing of Distributed Systems, 2023).
 */
export class Coverage {
  readonly features = new Set<number>();
  private readonly nodes: readonly SimNode[];
  private readonly sketches: readonly Sketch[];
  /** What happened last at each node, `MEMORY` events each; repetitions count once. */
  private readonly recent: Int32Array;
  /** A bit for each fault that a node suffers from, and for each that is in the network. */
  private readonly ills: Int32Array;
  private networkIlls = 0;

  constructor(nodes: readonly SimNode[]) {
    this.nodes = nodes;
    this.sketches = nodes.map(() => new Sketch());
    this.recent = new Int32Array(nodes.length * MEMORY);
    this.ills = new Int32Array(nodes.length);
  }

  /** Takes note of an event before it happens; its numbers mean what they mean in the queue. */
  note(kind: number, a: number, b: number, payload: unknown): void {
    const what = hashOf(kind, payload);
    if (what === 0) return;
    const role = this.nodes[a]!.process?.program.leads?.() ? mix(what, 1) : what;
    this.features.add(mix(mix(role, this.ills[a]!), this.networkIlls));
    this.features.add(this.sequence(a, what, role));
    if (kind === DELIVER) this.features.add(mix(role, this.sketch(a).comparedWith(this.sketch(b))));
  }

  /** Takes note of a fault or a repair before it happens. */
  noteFault(fault: Fault): void {
    const ill = 1 << ILLS.indexOf(fault.kind);
    const cured = (UNDOES[fault.kind] ?? []).reduce((bits, kind) => bits | (1 << ILLS.indexOf(kind)), 0);
    const after = (ills: number) => (cured === 0 ? ills | ill : ills & ~cured);
    if ('node' in fault) {
      const i = this.nodes.findIndex(({ id }) => id === fault.node);
      this.ills[i] = after(this.ills[i]!);
      this.features.add(mix(mix(nameHash(fault.kind), this.sketch(i).words), this.networkIlls));
    } else this.networkIlls = after(this.networkIlls);
  }

  /** Everything is well again. */
  noteHealing(): void {
    this.ills.fill(0);
    this.networkIlls = 0;
  }

  /** What happened at a node before this. */
  private sequence(node: number, what: number, role: number): number {
    const { recent } = this;
    const at = node * MEMORY;
    let hash = role;
    for (let i = 0; i < MEMORY; i++) hash = mix(hash, recent[at + i]!);
    if (recent[at + MEMORY - 1] !== what) {
      recent.copyWithin(at, at + 1, at + MEMORY);
      recent[at + MEMORY - 1] = what;
    }
    return hash;
  }

  private sketch(i: number): Sketch {
    const { process } = this.nodes[i]!;
    const sketch = this.sketches[i]!;
    sketch.take(process?.program, process);
    return sketch;
  }
}

/** Which event of a node this is; 0 for what is none. */
function hashOf(kind: number, payload: unknown): number {
  if (kind === DELIVER) return mix(1, messageHash(payload));
  if (kind === REQUEST) return mix(2, messageHash((payload as { readonly query: unknown }).query));
  if (kind === TIMER) return mix(3, nameHash(payload as string));
  return kind === SYNCED ? 4 : 0;
}
