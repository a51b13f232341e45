import type { CutMode } from '../../faults/fault.ts';
import type { LinkPolicy } from '../../faults/link.ts';

const CUTS: readonly (CutMode | 'none')[] = ['none', 'drop', 'reset'];

/** Numbers that a policy takes: two of its latency, five of the rest, its cut. */
const FIELDS = 8;

/** What controller and switch share; a plain object, so that it can be sent to a worker. */
export interface SharedMemory {
  /** Links' policies, `FIELDS` numbers each. */
  readonly policies: Float64Array<SharedArrayBuffer>;
  /** How often each policy has changed, twice; odd while it is being written. */
  readonly versions: Int32Array<SharedArrayBuffer>;
  /** Packets that each link was given, and of these, how many it did not carry. */
  readonly sent: Int32Array<SharedArrayBuffer>;
  readonly lost: Int32Array<SharedArrayBuffer>;
  /** How often each link was given its first policy back, and in one more place at the end how often that was asked of any. */
  readonly lifts: Int32Array<SharedArrayBuffer>;
  /** One place: what the controller asks of the switch. */
  readonly stop: Int32Array<SharedArrayBuffer>;
}

export function newSharedMemory(links: number): SharedMemory {
  const integers = (count: number) =>
    new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));
  return {
    policies: new Float64Array(new SharedArrayBuffer(links * FIELDS * Float64Array.BYTES_PER_ELEMENT)),
    versions: integers(links),
    sent: integers(links),
    lost: integers(links),
    lifts: integers(links + 1),
    stop: integers(1),
  };
}

/** Takes effect with the next packet that the switch reads. */
export function writePolicy({ policies, versions }: SharedMemory, link: number, policy: LinkPolicy): void {
  const { latency, loss, duplicate, reorder, corrupt, bandwidth, cut } = policy;
  Atomics.add(versions, link, 1);
  const fields = [
    latency.base,
    latency.tail,
    loss,
    duplicate,
    reorder,
    corrupt,
    bandwidth,
    CUTS.indexOf(cut),
  ];
  policies.set(fields, link * FIELDS);
  Atomics.add(versions, link, 1);
}

/** What a former policy still holds up on these links is to come at once. */
export function liftPolicies({ lifts }: SharedMemory, links: readonly number[]): void {
  for (const link of links) Atomics.add(lifts, link, 1);
  Atomics.add(lifts, lifts.length - 1, 1);
}

/** Tells which policies were lifted since it was last asked. */
export class LiftReader {
  private readonly lifts: Int32Array;
  private readonly seen: Int32Array;

  constructor({ lifts }: SharedMemory) {
    this.lifts = lifts;
    this.seen = new Int32Array(lifts.length);
  }

  lifted(): number[] {
    const { lifts, seen } = this;
    const last = lifts.length - 1;
    if (Atomics.load(lifts, last) === seen[last]) return [];
    const links = [];
    for (let link = last; link >= 0; link--) {
      const count = Atomics.load(lifts, link);
      if (count === seen[link]) continue;
      seen[link] = count;
      if (link < last) links.push(link);
    }
    return links;
  }
}

/** The policies as the switch sees them: read anew only where they have changed. */
export class PolicyReader {
  private readonly memory: SharedMemory;
  private readonly seen: Int32Array;
  private readonly read: LinkPolicy[];

  constructor(memory: SharedMemory) {
    this.memory = memory;
    this.seen = new Int32Array(memory.versions.length).fill(-1);
    this.read = new Array(memory.versions.length);
  }

  policy(link: number): LinkPolicy {
    const { versions } = this.memory;
    for (;;) {
      const version = Atomics.load(versions, link);
      if (version === this.seen[link]) return this.read[link]!;
      if (version % 2 !== 0) continue;
      const policy = this.parse(link);
      if (Atomics.load(versions, link) !== version) continue;
      this.seen[link] = version;
      this.read[link] = policy;
      return policy;
    }
  }

  private parse(link: number): LinkPolicy {
    const [base, tail, loss, duplicate, reorder, corrupt, bandwidth, cut] = this.memory.policies.subarray(
      link * FIELDS,
      (link + 1) * FIELDS,
    ) as unknown as [number, number, number, number, number, number, number, number];
    return { latency: { base, tail }, loss, duplicate, reorder, corrupt, bandwidth, cut: CUTS[cut]! };
  }
}
