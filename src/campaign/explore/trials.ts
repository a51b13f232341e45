import type { TestSpec } from '../../spec/test-spec.ts';
import { randomOf, type Seed } from '../../world/random.ts';
import { Explorer } from './explorer.ts';
import type { Seen } from './seen.ts';

/** Trials that are drawn together, so that threads have work: a fixed number, for what is drawn must not depend on theirs. */
const TOGETHER = 8;

/**
 * The trials of a test that is explored, numbered from 0 on. They come in rounds, each led by what was seen in those
 * before it, so it doesn't matter which trial of a round ends first.
 */
export class Trials {
  private readonly explorer: Explorer;
  private readonly drawn: TestSpec[] = [];
  /** Of those of the round that are over. */
  private readonly seen = new Map<number, Seen | undefined>();
  private begin = 0;

  /** `seeds`: fresh ones, at least as many as there will be trials. */
  constructor(spec: TestSpec, seeds: Iterator<Seed>) {
    this.explorer = new Explorer(spec, seeds, randomOf(spec.seed).fork('explore'));
  }

  /** Behind the last trial of the round. */
  get end(): number {
    return this.begin + TOGETHER;
  }

  /** Whether some trials of the round are over, but not all. */
  get halfway(): boolean {
    return this.seen.size > 0;
  }

  /** What a trial of the round is to run. */
  test(trial: number): TestSpec {
    while (this.drawn.length <= trial - this.begin) this.drawn.push(this.explorer.next());
    return this.drawn[trial - this.begin]!;
  }

  /** Whether this trial is of the round, and under this seed. */
  isOf(trial: number, seed: Seed): boolean {
    return trial >= this.begin && trial < this.end && this.test(trial).seed === seed;
  }

  /** Takes note of what was seen in a trial of the round; returns what of it has to be remembered. */
  note(trial: number, seen: Seen | undefined): Seen | undefined {
    const telling = seen && this.explorer.stillTelling(seen);
    this.seen.set(trial, telling);
    if (this.seen.size === TOGETHER) this.endRound();
    return telling;
  }

  private endRound(): void {
    for (const [i, { seed }] of this.drawn.entries()) {
      const seen = this.seen.get(this.begin + i);
      if (seen !== undefined) this.explorer.note(seed, seen);
    }
    this.begin += TOGETHER;
    this.drawn.length = 0;
    this.seen.clear();
  }
}
