import type { Cell } from '../spec/campaign.ts';
import { positionOf, type SeedPlan, seedAt, seedCount } from '../spec/seed-plan.ts';
import type { Seed } from '../world/random.ts';
import type { Chunk, RunLine } from './chunk.ts';
import { Trials } from './explore/trials.ts';
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
  /** Of a test that is explored; they have the positions. Else the seeds have. */
  readonly trials: Trials | undefined;
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
      ...{ trials: trialsOf(cell) },
      ...{ runs: 0, failures: 0, took: 0, timed: 0 },
    }));
    for (const state of this.cells) this.byId.set(state.id, state);
  }

  /**
   * Takes note of a run that is over, and returns what to remember of it: nothing if it is no part of the campaign, or was
   * noted before.
   */
  note(line: RunLine, took?: number): RunLine | undefined {
    const state = this.byId.get(line.cell);
    const position = state && positionIn(state, line);
    if (state === undefined || position === undefined || !state.done.add(position)) return undefined;
    state.runs++;
    if (line.valid === false) state.failures++;
    if (took !== undefined) {
      state.took += took;
      state.timed++;
    }
    const seen = state.trials?.note(position, line.seen);
    return seen === undefined ? line : { ...line, seen };
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
    if (state.trials !== undefined) return nextTrial(state, state.trials);
    const share = Math.ceil(this.left / (2 * threads));
    const seeds = this.take(state, Math.max(1, Math.min(most, share, runsAtOnce(state))));
    const { cell, id } = state;
    return { cell: id, spec: cell.resolved.spec, seeds, untilInvalid: endsAtNextFailure(state) };
  }

  /** Says that a chunk is no longer under way; runs of it that were not noted will be handed out again. */
  giveBack({ cell: id, seeds, trial }: Chunk): void {
    const { underWay, cell } = this.byId.get(id)!;
    if (trial !== undefined) underWay.delete(trial - 1);
    else for (const seed of seeds) underWay.delete(positionOf(cell.seeds, seed)!);
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

function trialsOf({ explored, resolved: { spec }, seeds }: Cell): Trials | undefined {
  return explored ? new Trials({ ...spec, seed: seedAt(seeds, 0)! }, seedsOf(seeds)) : undefined;
}

function* seedsOf(seeds: SeedPlan): Generator<Seed, never> {
  for (let position = 0; ; position++) yield seedAt(seeds, position)!;
}

/** Where a run stands; undefined if it doesn't. */
function positionIn({ cell, trials, count }: CellState, { seed, trial }: RunLine): number | undefined {
  if (trials === undefined) return positionOf(cell.seeds, seed);
  const isPart = trial !== undefined && trial <= count && trials.isOf(trial - 1, seed);
  return isPart ? trial - 1 : undefined;
}

function nextTrial({ id, done, underWay }: CellState, trials: Trials): Chunk {
  const position = Positions.firstOutside([done, underWay]);
  underWay.add(position);
  const spec = trials.test(position);
  return { cell: id, spec, seeds: [spec.seed], untilInvalid: false, trial: position + 1 };
}

function leftOf({ cell, count, runs, failures, trials }: CellState): number {
  const found = cell.cellFailures !== undefined && failures >= cell.cellFailures;
  if (!found) return count - runs;
  // A round that has begun is ended, so that it is the same trials that are made, however many threads there are.
  return trials?.halfway ? Math.min(count, trials.end) - runs : 0;
}

function mayBegin(state: CellState): boolean {
  const { trials, done, underWay } = state;
  if (trials !== undefined)
    return leftOf(state) > underWay.size && Positions.firstOutside([done, underWay]) < trials.end;
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
