import type { TestSpec } from '../../spec/test-spec.ts';
import type { RandomStream, Seed } from '../../world/random.ts';
import { mutate } from './mutate.ts';
import { packFeatures, type Seen, unpackFaults, unpackFeatures } from './seen.ts';

/** Fresh seeds at the beginning: what is found often is found by them, and the others need somewhere to start. */
const FIRST = 24;
/** Of the runs after them. */
const SHARE_OF_FRESH = 0.3;
/** A feature that more runs have shown is nothing special. */
const SELDOM = 4;
/** Runs of which the best is changed. */
const CANDIDATES = 8;

/** A run that showed something new. */
interface Parent {
  readonly seed: Seed;
  /** Packed, because there are many parents. */
  readonly faults: string;
  /** What was seen in it and in few other runs by then. */
  readonly seldom: readonly number[];
  /** How often it has been changed. */
  chosen: number;
}

/**
 * Draws tests one after another: fresh seeds, and schedules of faults changed from those of runs that showed something new,
 * the same seed deciding the rest. All that it draws follows from its random stream and from what was seen.
 */
export class Explorer {
  private readonly spec: TestSpec;
  private readonly seeds: Iterator<Seed>;
  private readonly random: RandomStream;
  private readonly parents: Parent[] = [];
  /** In how many runs each feature was seen. */
  private readonly counts = new Map<number, number>();
  private drawn = 0;

  /** `seeds`: the fresh ones, without end. */
  constructor(spec: TestSpec, seeds: Iterator<Seed>, random: RandomStream) {
    this.spec = spec;
    this.seeds = seeds;
    this.random = random;
  }

  /** The next test to perform. */
  next(): TestSpec {
    const { spec, random, parents } = this;
    if (this.drawn++ < FIRST || parents.length === 0 || random.chance(SHARE_OF_FRESH))
      return { ...spec, seed: this.seeds.next().value };
    const parent = this.choose();
    parent.chosen++;
    const faults = mutate(unpackFaults(parent.faults), unpackFaults(this.choose().faults), spec, random);
    return { ...spec, seed: parent.seed, script: { faults } };
  }

  /** What was seen in a run, without what says nothing any more: to take note of the rest comes to the same. */
  stillTelling({ features, faults }: Seen): Seen {
    const telling: number[] = [];
    let isNew = false;
    for (const feature of unpackFeatures(features)) {
      const count = this.counts.get(feature) ?? 0;
      if (count === 0) isNew = true;
      if (count <= SELDOM) telling.push(feature);
    }
    return { features: packFeatures(telling), faults: isNew ? faults : '' };
  }

  /** Takes note of what was seen in a run. */
  note(seed: Seed, { features, faults }: Seen): void {
    const seldom: number[] = [];
    let isNew = false;
    for (const feature of unpackFeatures(features)) {
      const count = (this.counts.get(feature) ?? 0) + 1;
      this.counts.set(feature, count);
      if (count === 1) isNew = true;
      if (count <= SELDOM) seldom.push(feature);
    }
    if (isNew) this.parents.push({ seed, faults, seldom, chosen: 0 });
  }

  /** The best of a few drawn at random. */
  private choose(): Parent {
    let best = this.random.pick(this.parents);
    for (let i = 1; i < CANDIDATES; i++) {
      const other = this.random.pick(this.parents);
      if (this.worth(other) > this.worth(best)) best = other;
    }
    return best;
  }

  /** The more it showed that few others did, and the less often it was changed, the better. */
  private worth({ seldom, chosen }: Parent): number {
    let worth = 1;
    for (const feature of seldom) {
      const count = this.counts.get(feature)!;
      if (count <= SELDOM) worth += 1 / count;
    }
    return worth / (1 + chosen);
  }
}
