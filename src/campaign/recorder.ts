import type { History } from '../../histories/history.ts';
import type { Op } from '../../histories/op.ts';
import type { Outcome } from '../spec/outcome.ts';
import type { TestSpec } from '../spec/test-spec.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { Store } from '../store/store.ts';
import { describeError, isUsage } from './describe-error.ts';
import type { Keep } from './run-task.ts';

/** Puts one run on disk. Once it is under way, a disk that fails costs the record and not the run. */
export class Recorder {
  private readonly store: Store;
  private readonly keep: Keep;
  private folder: RunFolder | undefined;
  private id: string | undefined;
  /** Why the record is not whole; undefined while all is well. */
  problem: string | undefined;

  constructor(store: Store, keep: Keep) {
    this.store = store;
    this.keep = keep;
  }

  /** The run's id in the store; undefined when nothing of it can be replayed from there. */
  get run(): string | undefined {
    return this.problem === undefined ? this.id : undefined;
  }

  /** Where the run is being written; undefined when only its outcome will be. */
  get path(): string | undefined {
    return this.folder?.path;
  }

  /** Throws a `UsageError` when nothing can be written. */
  begin(spec: TestSpec): void {
    if (this.keep !== 'all') return;
    this.folder = this.store.begin(spec);
    this.id = this.folder.id;
  }

  append(op: Op): void {
    this.attempt(() => this.folder?.append(op));
  }

  finish(outcome: Outcome, history: History): void {
    this.attempt(() => {
      if (this.folder !== undefined) this.folder.finish(outcome);
      else if (outcome.valid !== true) this.id = this.store.keep(outcome, history);
    });
    const { spec, valid, fingerprint } = outcome;
    this.attempt(() => this.store.note([{ spec, valid, fingerprint, run: this.run }]));
  }

  /** Lets go of the files; nothing happens after `finish`. */
  close(): void {
    this.attempt(() => this.folder?.close());
  }

  private attempt(write: () => void): void {
    if (this.problem !== undefined) return;
    try {
      write();
    } catch (error) {
      if (!isUsage(error)) throw error;
      this.problem = describeError(error);
    }
  }
}
