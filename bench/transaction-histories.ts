import { HistoryBuilder } from '../histories/builder.ts';
import type { History } from '../histories/history.ts';

export interface Shape {
  readonly dialect: 'list-append' | 'rw-register';
  readonly transactions: number;
  readonly clients: number;
  /** Keys in use at a time; each is replaced by a new one after `writesPerKey` writes. */
  readonly keys: number;
  readonly writesPerKey: number;
  /** Micro-operations of the longest transaction. */
  readonly length: number;
  /**
   * `serial`: each transaction takes effect at one instant. `snapshot`: snapshot isolation. `causal`: each client sees
   * its own writes and, with some delay, a growing prefix of all commits, the last of which wins.
   */
  readonly store: 'serial' | 'snapshot' | 'causal';
}

/** Commits by which a client of a causal store may be behind. */
const LAG = 200;

type Micro = [f: string, key: number, value: unknown];

interface Open {
  readonly process: number;
  readonly micros: readonly Micro[];
  /** When its snapshot was taken. */
  snapshot: number;
}

/** What a store of versioned keys, run by so many clients at once, would have recorded. The same for the same shape. */
export function transactionHistory(shape: Shape): History {
  const builder = new HistoryBuilder();
  const draw = randomNumbers();
  const keys = new ActiveKeys(shape, draw);
  const store = new Store(shape.dialect === 'list-append', shape.store);
  const seen = new Int32Array(shape.clients);
  const open: Open[] = [];
  const idle = Array.from({ length: shape.clients }, (_, process) => process);
  let begun = 0;
  for (let time = 0; begun < shape.transactions || open.length > 0; time += 1000) {
    if (begun < shape.transactions && idle.length > 0 && (open.length === 0 || draw(2) === 0)) {
      const process = idle.splice(draw(idle.length), 1)[0]!;
      const micros = Array.from({ length: 1 + draw(shape.length) }, () => keys.micro());
      builder.append({ time, process, type: 'invoke', f: 'txn', value: micros.map(asInvoked) });
      open.push({ process, micros, snapshot: store.now });
      begun++;
      continue;
    }
    const at = draw(open.length);
    const txn = open[at]!;
    open[at] = open[open.length - 1]!;
    open.pop();
    if (shape.store === 'serial') txn.snapshot = store.now;
    if (shape.store === 'causal') {
      seen[txn.process] = Math.max(seen[txn.process]!, store.now - draw(LAG));
      txn.snapshot = seen[txn.process]!;
    }
    const value = store.run(txn);
    const type = value === undefined ? 'fail' : 'ok';
    builder.append({ time, process: txn.process, type, f: 'txn', value: value ?? txn.micros.map(asInvoked) });
    idle.push(txn.process);
  }
  return builder.build();
}

function asInvoked([f, key, value]: Micro): Micro {
  return [f, key, value];
}

class ActiveKeys {
  private readonly slots: { key: number; written: number }[];
  private readonly shape: Shape;
  private readonly draw: (below: number) => number;
  private made = 0;

  constructor(shape: Shape, draw: (below: number) => number) {
    this.shape = shape;
    this.draw = draw;
    this.slots = Array.from({ length: shape.keys }, () => ({ key: this.made++, written: 0 }));
  }

  micro(): Micro {
    const slot = this.slots[this.draw(this.slots.length)]!;
    if (this.draw(2) === 0) return ['r', slot.key, null];
    const micro: Micro = [this.shape.dialect === 'list-append' ? 'append' : 'w', slot.key, ++slot.written];
    if (slot.written === this.shape.writesPerKey) {
      slot.key = this.made++;
      slot.written = 0;
    }
    return micro;
  }
}

/** Versions of every key with the moment of each. */
class Store {
  now = 0;
  private readonly lists: boolean;
  private readonly kind: Shape['store'];
  private readonly values = new Map<number, number[]>();
  private readonly moments = new Map<number, number[]>();
  /** Who wrote each version, in a causal store. */
  private readonly writers = new Map<number, number[]>();

  constructor(lists: boolean, kind: Shape['store']) {
    this.lists = lists;
    this.kind = kind;
  }

  /** The micro-operations with what they read; undefined when another wrote one of their keys since the snapshot. */
  run({ process, micros, snapshot }: Open): Micro[] | undefined {
    const own = new Map<number, number[]>();
    for (const [f, key] of micros) {
      if (f === 'r') continue;
      if (this.kind === 'snapshot' && (this.moments.get(key)?.at(-1) ?? 0) > snapshot) return undefined;
      own.set(key, []);
    }
    const out = micros.map(([f, key, value]): Micro => {
      if (f !== 'r') own.get(key)!.push(value as number);
      return [f, key, f === 'r' ? this.read(key, snapshot, process, own.get(key) ?? []) : value];
    });
    this.now++;
    for (const [key, written] of own) for (const value of written) this.write(key, value, process);
    return out;
  }

  private read(key: number, snapshot: number, process: number, own: readonly number[]): unknown {
    const moments = this.moments.get(key) ?? [];
    const writers = this.writers.get(key);
    let visible = moments.length;
    while (visible > 0 && moments[visible - 1]! > snapshot && writers?.[visible - 1] !== process) visible--;
    const values = this.values.get(key) ?? [];
    if (this.lists) return [...values.slice(0, visible), ...own];
    return own.at(-1) ?? values[visible - 1] ?? null;
  }

  private write(key: number, value: number, process: number): void {
    append(this.values, key, value);
    append(this.moments, key, this.now);
    if (this.kind === 'causal') append(this.writers, key, process);
  }
}

function append(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** A linear congruential generator: whole numbers below a bound. */
function randomNumbers(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}
