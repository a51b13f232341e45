import { HistoryBuilder } from '../histories/builder.ts';
import type { Key, Op } from '../histories/op.ts';
import type { Anomaly, Budget, Checker, OnlineChecker } from './checker.ts';
import { runChecker } from './compose.ts';

/** A check waits for so many completions, or for a part of what there is. */
const FEWEST_NEW = 16;
const PART_NEW = 1 / 32;
const BUDGET: Budget = { steps: 500_000, bytes: 1 << 28 };

interface Part {
  readonly events: HistoryBuilder;
  /** Index of each event in the whole history. */
  readonly indices: number[];
  /** Completions not yet checked, and how many there must be for the next check. */
  fresh: number;
  due: number;
}

/**
 * Asks a checker again and again while a test runs, with open operations as pending. It must be one for which what is
 * broken stays broken however the history goes on. What is checked is checked again when it has grown by a thirty-second,
 * which costs about thirty times one check altogether and misses a violation by no more than that, or by sixteen operations.
 */
export class Rechecking implements OnlineChecker {
  private readonly checker: Checker;
  private readonly scope: 'key' | 'history';
  private readonly parts = new Map<Key | undefined, Part>();
  /** What the open operation of each process is about: a completion need not say it again. */
  private readonly open = new Map<number, Part>();

  /** `scope`: whether each key can be judged by itself. */
  constructor(checker: Checker, scope: 'key' | 'history') {
    this.checker = checker;
    this.scope = scope;
  }

  observe(op: Op): Anomaly | null {
    if (op.process === 'nemesis') return null;
    const part = op.type === 'invoke' ? this.partOf(op.key) : this.open.get(op.process);
    if (part === undefined) return null;
    if (op.type === 'invoke') this.open.set(op.process, part);
    part.events.append(op);
    part.indices.push(op.index);
    if (op.type === 'invoke' || ++part.fresh < part.due) return null;
    return this.check(part);
  }

  private partOf(key: Key | undefined): Part {
    const id = this.scope === 'key' ? key : undefined;
    let part = this.parts.get(id);
    if (part === undefined) {
      part = { events: new HistoryBuilder(), indices: [], fresh: 0, due: FEWEST_NEW };
      this.parts.set(id, part);
    }
    return part;
  }

  private check(part: Part): Anomaly | null {
    const { valid, anomalies } = runChecker(this.checker, part.events.build(), { budget: BUDGET });
    const worst = anomalies[0];
    if (valid === false && worst !== undefined)
      return { ...worst, ops: worst.ops.map((i) => part.indices[i]!) };
    part.fresh = 0;
    // What is too hard now won't be easier soon.
    part.due = valid === 'unknown' ? part.due * 2 : Math.max(FEWEST_NEW, part.indices.length * PART_NEW);
    return null;
  }
}
