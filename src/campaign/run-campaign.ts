import type { Campaign, Cell } from '../spec/campaign.ts';
import { cellId, plainCell } from '../spec/cell-id.ts';
import { CampaignFolder } from '../store/campaign-folder.ts';
import type { Store } from '../store/store.ts';
import { MILLISECOND } from '../world/nanos.ts';
import { buildWith } from './build.ts';
import type { Chunk, Executor, RunLine, RunReport } from './chunk.ts';
import { Planner } from './planner.ts';
import { type DistinctFailure, Tally } from './tally.ts';

/** A line of the index: a run, and when it was over, in ms of this campaign's time. */
type IndexLine = RunLine & { readonly at: number };

/** Why a campaign is over. */
export type Ending = 'seeds' | 'failures' | 'distinct' | 'runs' | 'time' | 'interrupted';

export interface CampaignListener {
  /** Hears of every failure that is the first of its kind. */
  onFailure?(failure: DistinctFailure): void;
}

/**
 * A campaign under way. What it has is on disk: a run is noted once everything about it is written, so whatever ends this
 * process, the next one goes on with what is missing.
 */
export class CampaignRun {
  readonly campaign: Campaign;
  readonly tally: Tally;
  /** By cell id. */
  readonly cells: ReadonlyMap<string, Cell>;
  /** Runs of an earlier process, which was interrupted. */
  readonly resumed: number;
  /** The build that an earlier process had, when that is why its runs count no more. */
  readonly otherBuild: string | undefined;
  private readonly build: string;
  private readonly planner: Planner;
  private readonly folder: CampaignFolder;
  private readonly store: Store;
  private readonly began = performance.now();
  private earlier = 0;
  private readonly underWay = new Set<Chunk>();
  private ending: Ending | undefined;

  /** Opens the campaign in the store. Throws a `UsageError` when another process runs it. */
  constructor(campaign: Campaign, store: Store, fresh: boolean) {
    this.campaign = campaign;
    this.store = store;
    this.cells = new Map(campaign.cells.map((cell) => [cellId(cell), cell]));
    this.tally = new Tally(new Map([...this.cells].map(([id, cell]) => [id, cell.resolved.spec])));
    this.planner = new Planner(this.cells);
    this.build = buildWith(campaign.cells.map(({ resolved }) => resolved.spec.system));
    this.folder = new CampaignFolder(store.folder, campaign.name);
    this.folder.open();
    const last = this.folder.record();
    const interrupted = last !== undefined && !last.ended && !fresh;
    if (interrupted && last.build === this.build) this.folder.read((line) => this.recall(line as IndexLine));
    else this.folder.clear();
    this.otherBuild = interrupted && last.build !== this.build ? last.build : undefined;
    this.resumed = this.tally.total.runs;
    this.record(false);
  }

  /** Runs that there will be in the end; infinite where seeds have no end. */
  get total(): number {
    const all = this.tally.total.runs + this.planner.left;
    return Math.min(all, this.campaign.stop.runs ?? Number.POSITIVE_INFINITY);
  }

  /** Real time of the campaign, ms; interruptions are left out. */
  get elapsed(): number {
    return this.earlier + this.elapsedNow;
  }

  /** Real time of this process alone, ms. */
  get elapsedNow(): number {
    return performance.now() - this.began;
  }

  /** Performs what is left and says why it is over. Rejects with what the executor or the store throw. */
  async perform(executor: Executor, listener: CampaignListener = {}): Promise<Ending> {
    try {
      await new Promise<void>((resolve, reject) => {
        const handOut = () => {
          for (let chunk = this.nextChunk(executor); chunk !== undefined; chunk = this.nextChunk(executor))
            this.performChunk(chunk, executor, listener).then(handOut, reject);
          if (this.underWay.size === 0) resolve();
        };
        handOut();
      });
      const ending = this.ending ?? 'seeds';
      if (ending !== 'interrupted') this.record(true);
      return ending;
    } finally {
      this.ending ??= 'interrupted';
      this.folder.close();
    }
  }

  /** Hands out no more runs. */
  interrupt(): void {
    this.ending = 'interrupted';
  }

  private nextChunk(executor: Executor): Chunk | undefined {
    this.ending ??= this.reached();
    const capacity = executor.capacity();
    if (this.ending !== undefined || this.underWay.size >= capacity) return undefined;
    let most = this.campaign.stop.runs ?? Number.POSITIVE_INFINITY;
    most -= this.tally.total.runs;
    for (const { seeds } of this.underWay) most -= seeds.length;
    const chunk = most > 0 ? this.planner.next(most, capacity) : undefined;
    if (chunk !== undefined) this.underWay.add(chunk);
    return chunk;
  }

  private async performChunk(chunk: Chunk, executor: Executor, { onFailure }: CampaignListener) {
    const reports = await executor.perform(chunk);
    const failures = this.takeIn(reports, chunk);
    this.underWay.delete(chunk);
    this.planner.giveBack(chunk);
    for (const failure of failures) onFailure?.(failure);
    if (reports.length === 0 && this.ending !== 'interrupted')
      throw new Error(`nothing came back of ${chunk.seeds.length} runs of ${chunk.spec.system}`);
  }

  /** Puts runs on disk, those that failed first, and counts those that are new. */
  private takeIn(reports: readonly RunReport[], chunk: Chunk): DistinctFailure[] {
    const at = Math.round(this.elapsed);
    const lines: IndexLine[] = [];
    for (const report of reports) {
      const line = this.planner.note(report.line, report.took);
      if (line === undefined) continue;
      const run = this.keep(report, chunk);
      lines.push({ ...line, ...(run === undefined ? {} : { run }), at });
    }
    if (lines.length > 0) this.folder.append(lines);
    return lines.flatMap((line) => this.count(line) ?? []);
  }

  /** Stores a run of which more is to be known than its line says; returns its id. */
  private keep({ line, whole }: RunReport, { spec }: Chunk): string | undefined {
    const changed = spec.script !== undefined;
    if (whole !== undefined)
      return this.store.keep(whole.outcome, whole.history, changed ? line.trial : undefined);
    // Its seed alone doesn't repeat it.
    return changed && line.valid === 'crashed' ? this.store.keepSpec(spec) : undefined;
  }

  private count({ seen: _, ...line }: RunLine): DistinctFailure | undefined {
    return this.tally.add(line);
  }

  /** Counts a run of an earlier process. */
  private recall(line: IndexLine): void {
    if (this.planner.note(line) !== undefined) this.count(line);
    this.earlier = Math.max(this.earlier, line.at);
  }

  /** Which of the stop rules holds by now. */
  private reached(): Ending | undefined {
    const { failures, distinct, runs, time } = this.campaign.stop;
    if (failures !== undefined && this.tally.failed >= failures) return 'failures';
    const differing = this.tally.failures.filter(({ valid }) => valid !== 'unknown');
    if (distinct !== undefined && differing.length >= distinct) return 'distinct';
    if (runs !== undefined && this.tally.total.runs >= runs) return 'runs';
    if (time !== undefined && this.elapsed * MILLISECOND >= time) return 'time';
    return undefined;
  }

  private record(ended: boolean): void {
    const cells = [...this.cells].map(([id, cell]) => [id, plainCell(cell)] as const);
    this.folder.write({
      name: this.campaign.name,
      build: this.build,
      ended,
      cells: Object.fromEntries(cells),
    });
  }
}
