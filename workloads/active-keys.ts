import type { Key } from '../histories/op.ts';
import type { Generator } from '../src/generator/generator.ts';
import type { Draft } from '../src/generator/operations.ts';
import { readEverywhere } from './final-reads.ts';
import type { WorkloadOptions } from './workload.ts';

/** The keys in use, in slots: one that was written often enough gives its slot to a new one, so that no history of a key grows long. */
export class ActiveKeys {
  private readonly slots: { key: Key; written: number }[];
  private readonly maxWrites: number;
  private made = 0;

  constructor(slots: number, maxWrites: number) {
    this.slots = Array.from({ length: slots }, () => this.newKey());
    this.maxWrites = maxWrites;
  }

  key(slot: number): Key {
    return this.slots[slot]!.key;
  }

  /** The key in a slot, and a value that was never written to it: 1, 2, 3 ... */
  write(slot: number): readonly [key: Key, value: number] {
    const used = this.slots[slot]!;
    used.written++;
    if (used.written === this.maxWrites) this.slots[slot] = this.newKey();
    return [used.key, used.written];
  }

  private newKey(): { key: Key; written: number } {
    return { key: `x${this.made++}`, written: 0 };
  }
}

/** So many keys are read by one final transaction. */
const KEYS_A_READ = 8;

/** Reads, on every node, each key that transactions have touched. */
export function readTouchedKeys(options: WorkloadOptions): Generator {
  const keys = new Set<Key>();
  let reads: Generator | undefined;
  return {
    next(context) {
      reads ??= readEverywhere(options, transactionsReading([...keys]));
      return reads.next(context);
    },
    observe(event, context) {
      if (reads !== undefined) reads.observe?.(event, context);
      else if (event.type === 'invoke' && event.f === 'txn')
        for (const [, key] of event.value as readonly (readonly [f: string, key: Key])[]) keys.add(key);
    },
  };
}

function transactionsReading(keys: readonly Key[]): Draft[] {
  const out = [];
  for (let i = 0; i < keys.length; i += KEYS_A_READ)
    out.push({ f: 'txn', value: keys.slice(i, i + KEYS_A_READ).map((key) => ['r', key, null]) });
  return out;
}
