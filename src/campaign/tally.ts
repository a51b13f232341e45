import type { TestSpec } from '../spec/test-spec.ts';
import type { RunLine } from './chunk.ts';

/** How many runs there were, and how they ended. */
export interface Counts {
  runs: number;
  valid: number;
  invalid: number;
  unknown: number;
  crashed: number;
}

/** The same of a cell, and what was wrong in how many runs. */
export interface CellCounts extends Counts {
  readonly kinds: Map<string, number>;
}

/** Failures that are one and the same for whoever has to mend them. */
export interface DistinctFailure {
  readonly system: string;
  readonly bugs: readonly string[];
  /** The kind of anomaly, or why there is no verdict; of the first such run, what else was wrong too. */
  readonly kinds: readonly string[];
  readonly valid: RunLine['valid'];
  count: number;
  /** The one that is replayed in the fewest events. */
  fastest: RunLine;
}

/** What came of a campaign so far. It grows with cells and kinds of failures, and not with runs. */
export class Tally {
  readonly total = { ...noCounts(), operations: 0, faults: 0, nanos: 0 };
  /** By cell id. */
  readonly cells = new Map<string, CellCounts>();
  /** Reasons to doubt a pass, with how many passes each concerns and the first such run. */
  readonly doubts = new Map<string, { count: number; first: RunLine }>();
  private readonly distinct = new Map<string, DistinctFailure>();
  private readonly specs: ReadonlyMap<string, TestSpec>;

  /** `specs` by cell id. */
  constructor(specs: ReadonlyMap<string, TestSpec>) {
    this.specs = specs;
    for (const id of specs.keys()) this.cells.set(id, { ...noCounts(), kinds: new Map() });
  }

  /** Distinct failures: violations first, then the one that is replayed fastest. */
  get failures(): DistinctFailure[] {
    return [...this.distinct.values()].sort(
      (a, b) => RANK[String(a.valid)]! - RANK[String(b.valid)]! || a.fastest.events - b.fastest.events,
    );
  }

  /** Violations and crashes. */
  get failed(): number {
    return this.total.invalid + this.total.crashed;
  }

  /** Counts a run; gives its failure if it is the first of its kind. */
  add(line: RunLine): DistinctFailure | undefined {
    const { total } = this;
    count(total, line);
    const cell = this.cells.get(line.cell)!;
    count(cell, line);
    for (const kind of (line.kinds ?? []).map(impersonal))
      cell.kinds.set(kind, (cell.kinds.get(kind) ?? 0) + 1);
    total.operations += line.operations;
    total.faults += line.faults;
    total.nanos += line.nanos;
    for (const doubt of line.doubts ?? []) {
      const known = this.doubts.get(doubt);
      if (known === undefined) this.doubts.set(doubt, { count: 1, first: line });
      else known.count++;
    }
    return line.valid === true ? undefined : this.addFailure(line);
  }

  private addFailure(line: RunLine): DistinctFailure | undefined {
    const { system, bugs } = this.specs.get(line.cell)!;
    const kinds = line.kinds ?? [];
    // What else was wrong is most often another sight of the same mistake.
    const key = JSON.stringify([system, bugs, line.valid, kinds.slice(0, 1).map(impersonal)]);
    const known = this.distinct.get(key);
    if (known === undefined) {
      const failure = { system, bugs, kinds, valid: line.valid, count: 1, fastest: line };
      this.distinct.set(key, failure);
      return failure;
    }
    known.count++;
    if (isFaster(line, known.fastest)) known.fastest = line;
    return undefined;
  }
}

const RANK: Readonly<Record<string, number>> = { false: 0, crashed: 1, unknown: 2 };

/** Numbers in an error message vary from run to run; its kind doesn't. */
function impersonal(kind: string): string {
  return kind.includes(' ') ? kind.replace(/\d+/g, '#') : kind;
}

function noCounts(): Counts {
  return { runs: 0, valid: 0, invalid: 0, unknown: 0, crashed: 0 };
}

function count(counts: Counts, { valid }: RunLine): void {
  counts.runs++;
  counts[valid === true ? 'valid' : valid === false ? 'invalid' : valid]++;
}

/** Of two that cost the same the choice must not depend on which came first. */
function isFaster(a: RunLine, b: RunLine): boolean {
  if (a.events !== b.events) return a.events < b.events;
  return `${a.cell} ${a.seed}` < `${b.cell} ${b.seed}`;
}
