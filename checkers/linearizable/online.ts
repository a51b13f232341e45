import { HistoryBuilder } from '../../histories/builder.ts';
import type { Key, Op } from '../../histories/op.ts';
import type { Anomaly, Budget } from '../checker.ts';
import { type LinearizableOptions, linearizable } from './linearizable.ts';

/** Judges a history while it comes into being. */
export interface OnlineChecker {
  /** Takes the next event; an anomaly as soon as one is found, after which no more events are wanted. */
  observe(op: Op): Anomaly | null;
}

/** A check of an object waits for so many completions, or for a part of what there is. */
const FEWEST_NEW = 16;
const PART_NEW = 1 / 32;
const BUDGET: Budget = { steps: 500_000, bytes: 1 << 28 };

interface ObjectSoFar {
  readonly events: HistoryBuilder;
  /** Index of each event in the whole history. */
  readonly indices: number[];
  /** Completions not yet checked, and how many there must be for the next check. */
  fresh: number;
  due: number;
}

/**
 * Linearizability while a test runs. What is broken stays broken however the history goes on, if open
 * operations count as pending. So each object is checked again when it has grown by a thirty-second, which
 * costs about thirty times one check altogether and misses a violation by no more than that, or by sixteen
 * operations.
 */
export class OnlineLinearizable implements OnlineChecker {
  private readonly checker;
  private readonly objects = new Map<Key | undefined, ObjectSoFar>();
  /** What the open operation of each process is about: a completion need not say it again. */
  private readonly open = new Map<number, ObjectSoFar>();

  constructor(options: LinearizableOptions = {}) {
    this.checker = linearizable(options);
  }

  observe(op: Op): Anomaly | null {
    if (op.process === 'nemesis') return null;
    const object = op.type === 'invoke' ? this.objectOf(op.key) : this.open.get(op.process);
    if (object === undefined) return null;
    if (op.type === 'invoke') this.open.set(op.process, object);
    object.events.append(op);
    object.indices.push(op.index);
    if (op.type === 'invoke' || ++object.fresh < object.due) return null;
    return this.check(object);
  }

  private objectOf(key: Key | undefined): ObjectSoFar {
    let object = this.objects.get(key);
    if (object === undefined) {
      object = { events: new HistoryBuilder(), indices: [], fresh: 0, due: FEWEST_NEW };
      this.objects.set(key, object);
    }
    return object;
  }

  private check(object: ObjectSoFar): Anomaly | null {
    const { valid, anomalies } = this.checker.check(object.events.build(), { budget: BUDGET });
    const worst = anomalies[0];
    if (worst !== undefined) return { ...worst, ops: worst.ops.map((i) => object.indices[i]!) };
    object.fresh = 0;
    // What is too hard now won't be easier soon.
    object.due =
      valid === 'unknown' ? object.due * 2 : Math.max(FEWEST_NEW, object.indices.length * PART_NEW);
    return null;
  }
}
