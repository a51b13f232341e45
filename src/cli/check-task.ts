import type { Budget, Verdict } from '../../checkers/checker.ts';
import type { HistoryFormat } from '../../histories/format.ts';
import type { Proof } from '../report/proof.ts';
import type { CheckFlags } from './check-command.ts';

/** A history file for a thread to judge. Plain data. */
export interface CheckTask {
  readonly file: string;
  readonly format: HistoryFormat | undefined;
  readonly flags: CheckFlags;
  readonly budget: Budget;
  /** How many of the checkers have been at work already. */
  readonly from: number;
}

/** What the thread tells while it is at it: how far it came is known whatever becomes of it. Plain data. */
export type CheckNews =
  | {
      readonly news: 'read';
      readonly events: number;
      readonly warnings: readonly string[];
      readonly takenFor: string | undefined;
      /** Those that judge, in their order. */
      readonly checkers: readonly string[];
    }
  | { readonly news: 'judged'; readonly verdict: Verdict; readonly proof: Proof | undefined }
  /** The file is larger than memory, so nothing can be said about it. */
  | { readonly news: 'too-large'; readonly message: string }
  | { readonly news: 'failed'; readonly message: string; readonly usage: boolean };
