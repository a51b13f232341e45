import { stats } from '../checkers/stats.ts';
import { listAppend } from '../checkers/transactions/list-append.ts';
import type { Key } from '../histories/op.ts';
import type { Generator } from '../src/generator/generator.ts';
import { operations } from '../src/generator/operations.ts';
import type { Parameters, ParameterValues } from '../src/world/parameters.ts';
import { readEverywhere } from './final-reads.ts';
import type { Workload, WorkloadOptions } from './workload.ts';

const PARAMETERS = {
  keys: { type: 'integer', default: 3, min: 1, about: 'lists in use at a time; few, so that clients meet' },
  'max-writes': {
    type: 'integer',
    default: 32,
    min: 1,
    about: 'appends to a list before a new one takes its place',
  },
  'max-length': { type: 'integer', default: 4, min: 1, about: 'micro-operations of the longest transaction' },
  reads: { type: 'probability', default: 0.5, about: 'share of reads among the micro-operations' },
} as const satisfies Parameters;

/** A part of a transaction: reads a whole list (null → the array), or appends a value that the list never got before. */
type MicroOperation = readonly ['r', Key, null] | readonly ['append', Key, number];

/** So many lists are read by one final transaction. */
const LISTS_A_READ = 8;

/** Transactions over lists (Kingsbury and Alvaro, Elle, 2020). `txn`: an array of micro-operations, with what they read. */
export const append: Workload = {
  name: 'append',
  about: 'transactions that read lists and append unique values to them',
  parameters: PARAMETERS,
  generator({ parameters }) {
    const values = parameters as ParameterValues<typeof PARAMETERS>;
    const lists = new ActiveLists(values.keys, values['max-writes']);
    return operations(({ random }) => {
      const length = random.between(1, values['max-length']);
      const value = Array.from({ length }, (): MicroOperation => {
        const slot = random.int(values.keys);
        return random.chance(values.reads) ? ['r', lists.key(slot), null] : lists.append(slot);
      });
      return { f: 'txn', value };
    });
  },
  finale: readAllLists,
  checkers: () => [listAppend({ model: 'strict-serializable' }), stats()],
};

/** The lists in use, in slots: one that is full gives its slot to a new one, so that no list grows long. */
class ActiveLists {
  private readonly slots: { key: Key; appended: number }[];
  private readonly maxWrites: number;
  private made = 0;

  constructor(slots: number, maxWrites: number) {
    this.slots = Array.from({ length: slots }, () => this.newList());
    this.maxWrites = maxWrites;
  }

  key(slot: number): Key {
    return this.slots[slot]!.key;
  }

  append(slot: number): MicroOperation {
    const list = this.slots[slot]!;
    list.appended++;
    if (list.appended === this.maxWrites) this.slots[slot] = this.newList();
    return ['append', list.key, list.appended];
  }

  private newList(): { key: Key; appended: number } {
    return { key: `x${this.made++}`, appended: 0 };
  }
}

/** Reads, on every node, each list that the run has touched. */
function readAllLists(options: WorkloadOptions): Generator {
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
        for (const [, key] of event.value as readonly MicroOperation[]) keys.add(key);
    },
  };
}

function transactionsReading(keys: readonly Key[]): { f: string; value: MicroOperation[] }[] {
  const out = [];
  for (let i = 0; i < keys.length; i += LISTS_A_READ) {
    const value = keys.slice(i, i + LISTS_A_READ).map((key): MicroOperation => ['r', key, null]);
    out.push({ f: 'txn', value });
  }
  return out;
}
