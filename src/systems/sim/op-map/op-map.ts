import type { NodeId } from '../../../faults/fault.ts';
import type { System } from '../../../world/system.ts';
import { type OperationBased, operationBasedSystem } from '../shared/crdt/operation-based.ts';

/** Names one put, as no other is named. */
type Tag = `${NodeId}:${number}`;

interface Effect {
  readonly key: string;
  /** The puts of the key that the source had seen: it replaces these. */
  readonly replaces: readonly Tag[];
  /** Of a put. */
  readonly value?: unknown;
}

/** A map whose concurrent values stand side by side, until somebody who has seen them puts another. */
export const opMap: System = operationBasedSystem({
  name: 'op-map',
  about:
    'operation-based map: a put or delete replaces what its source had seen; concurrent values stand side by side',
  how: [
    'A put names the puts that its source had seen under the key; every replica takes out these, and puts in the new value. So two concurrent puts leave two values, which a reader sees both, and a concurrent delete takes out neither. A later put that has seen both replaces both.',
  ],
  sources: [
    'Shapiro, Preguiça, Baquero and Zawirski, Conflict-free Replicated Data Types, SSS 2011',
    "DeCandia et al., Dynamo: Amazon's Highly Available Key-value Store, SOSP 2007, §4.4",
  ],
  safety: [],
  bugs: {
    'fifo-only': {
      about:
        'operations come in the order of each sender, not in causal order: what was replaced may come after its successor, and stays',
      workload: 'replicated-map',
      nemeses: ['packet', 'partition:kinds=bridge+ring'],
    },
    'no-retry': {
      about:
        'operations are broadcast once: one that is lost never arrives, and all that depend on it wait for it for ever',
      workload: 'replicated-map',
      nemeses: ['partition'],
    },
    'replaces-all': {
      about:
        'a put or delete takes out whatever a replica has under the key, also what its source had not seen: concurrent operations do not commute',
      workload: 'replicated-map',
      nemeses: ['partition'],
    },
  },
  serves: { 'replicated-map': ['put', 'delete', 'read'] },
  object: (bugs) => new MultiValueMap(bugs),
});

/** Multi-value registers by key (Shapiro et al., A comprehensive study of CRDTs, 2011, specification 10, by operations). */
class MultiValueMap implements OperationBased<Effect> {
  private readonly bugs: ReadonlySet<string>;
  private readonly puts = new Map<string, Map<Tag, unknown>>();

  constructor(bugs: ReadonlySet<string>) {
    this.bugs = bugs;
  }

  prepare({ f, key, value }: { readonly f: string; readonly key: string; readonly value: unknown }): Effect {
    const replaces = [...this.putsOf(key).keys()];
    return f === 'delete' ? { key, replaces } : { key, replaces, value };
  }

  apply(
    { key, replaces, value }: Effect,
    { origin, number }: { readonly origin: NodeId; readonly number: number },
  ): void {
    const puts = this.putsOf(key);
    // What the source had not seen is concurrent, and none of its business.
    for (const tag of this.bugs.has('replaces-all') ? [...puts.keys()] : replaces) puts.delete(tag);
    if (value !== undefined) puts.set(`${origin}:${number}`, value);
  }

  query(key: string): unknown {
    return [...this.putsOf(key).values()].map(Number).sort((a, b) => a - b);
  }

  private putsOf(key: string): Map<Tag, unknown> {
    let puts = this.puts.get(key);
    if (puts === undefined) this.puts.set(key, (puts = new Map()));
    return puts;
  }
}
