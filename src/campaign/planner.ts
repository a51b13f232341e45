import type { Cell } from '../spec/campaign.ts';
import { positionOf, seedAt, seedCount } from '../spec/seed-plan.ts';
import type { Seed } from '../world/random.ts';
import type { Chunk, RunLine } from './chunk.ts';
import { Positions } from './positions.ts';

/** How long a chunk should take: long enough that its journey doesn't count, short enough to share the work well (ms). */
const CHUNK_TIME = 500;
const MOST_RUNS = 200;
/** While nobody knows how long a run takes. */
const FIRST_RUNS = 4;
/** Of a cell that ends at a failure: few, because the seeds after the failure are wasted. */
const RUNS_TO_A_FAILURE = 10;

/** A cell, and how far it has come. */
interface CellState {
  readonly cell: Cell;
  readonly id: string;
  readonly count: number;
  readonly done: Positions;
  readonly underWay: Positions;
  runs: number;
  failures: number;
  /** Of the runs that this process has seen, ms. */
  took: number;
  timed: number;
}

/**
 * Says what to run next. All cells advance together, so that a campaign that ends early has seen something of each; every
 * run is handed out once, and again only if it was given back.
 */
export class Planner {
  private readonly cells: CellState[];
  private readonly byId = new Map<string, CellState>();

  constructor(cells: ReadonlyMap<string, Cell>) {
    this.cells = [...cells].map(([id, cell]) => ({
      ...{ cell, id, count: seedCount(cell.seeds), done: new Positions(), underWay: new Positions() },
      ...{ runs: 0, failures: 0, took: 0, timed: 0 },
    }));
    for (const state of this.cells) this.byId.set(state.id, state);
  }

  /** Takes note of a run that is over; false for one that is no part of the campaign, or was noted before. */
  note({ cell: id, seed, valid }: RunLine, took?: number): boolean {
    const state = this.byId.get(id);
    const position = state && positionOf(state.cell.seeds, seed);
    if (state === undefined || position === undefined || !state.done.add(position)) return false;
    state.runs++;
    if (valid === false) state.failures++;
    if (took !== undefined) {
      state.took += took;
      state.timed++;
    }
    return true;
  }

  /** Runs that are left; infinite where seeds have no end. */
  get left(): number {
    return this.cells.reduce((sum, state) => sum + leftOf(state), 0);
  }

  /**
   * The next chunk of at most `most` runs, of which there should be several for each of `threads` as long as there can;
   * undefined when there is nothing to hand out for now.
   */
  next(most: number, threads: number): Chunk | undefined {
    let state: CellState | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const other of this.cells) {
      const begun = other.runs + other.underWay.size;
      if (begun < least && mayBegin(other)) {
        state = other;
        least = begun;
      }
    }
    if (state === undefined) return undefined;
    const share = Math.ceil(this.left / (2 * threads));
    const seeds = this.take(state, Math.max(1, Math.min(most, share, runsAtOnce(state))));
    const { cell, id } = state;
    return { cell: id, spec: cell.resolved.spec, seeds, untilInvalid: endsAtNextFailure(state) };
  }

  /** Says that a chunk is no longer under way; runs of it that were not noted will be handed out again. */
  giveBack({ cell: id, seeds }: Chunk): void {
    const state = this.byId.get(id)!;
    for (const seed of seeds) state.underWay.delete(positionOf(state.cell.seeds, seed)!);
  }

  private take({ cell, count, done, underWay }: CellState, most: number): Seed[] {
    const seeds: Seed[] = [];
    for (let from = 0; seeds.length < most; ) {
      from = Positions.firstOutside([done, underWay], from);
      if (from >= count) break;
      underWay.add(from);
      seeds.push(seedAt(cell.seeds, from)!);
    }
    return seeds;
  }
}

function leftOf(state: CellState): number {
  const { cell, count, runs, failures } = state;
  return cell.cellFailures !== undefined && failures >= cell.cellFailures ? 0 : count - runs;
}

function mayBegin(state: CellState): boolean {
  // One chunk at a time, so that it is the same seeds that are tried, however many threads there are.
  if (state.cell.cellFailures !== undefined && state.underWay.size > 0) return false;
  return leftOf(state) - state.underWay.size > 0;
}

function endsAtNextFailure({ cell, failures }: CellState): boolean {
  return cell.cellFailures !== undefined && cell.cellFailures - failures === 1;
}

function runsAtOnce({ cell, took, timed }: CellState): number {
  const fits = timed === 0 ? FIRST_RUNS : Math.floor((CHUNK_TIME * timed) / took);
  const most = cell.cellFailures === undefined ? MOST_RUNS : RUNS_TO_A_FAILURE;
  return cell.cellFailures === undefined ? Math.min(most, fits) : most;
}
