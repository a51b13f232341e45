import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_BUDGET } from '../../checkers/checker.ts';
import { listAppend } from '../../checkers/transactions/list-append.ts';
import { rwRegister } from '../../checkers/transactions/rw-register.ts';
import { historyOf } from '../../histories/builder.ts';
import type { OpEvent } from '../../histories/op.ts';
import {
  causalStore,
  historyOfSmall,
  lateArrivals,
  type Small,
  smallRegisters,
} from './causal/random-registers.ts';
import { fuzz } from './effort.ts';
import { REGISTER_CHECKERS } from './register-checkers.ts';
import { type Store, smallHistory } from './transactions/random-histories.ts';

// Deleting a client that writes takes away what others may have read: only readers can go without a trace.
const readsOnly = (session: Small[number]) => session.every(({ write }) => !write);

test('deleting a client that only reads makes no valid history of registers invalid', () => {
  const histories = fc.oneof(
    smallRegisters([3, 3, 3], 2),
    smallRegisters([4, 5, 2], 1),
    lateArrivals,
    causalStore(3, 2, 15, true),
  );
  let deleted = 0;
  for (const small of fc.sample(histories, fuzz(1500, 5))) {
    const reader = small.findIndex(readsOnly);
    if (reader < 0) continue;
    const without = historyOfSmall(small.filter((_, i) => i !== reader));
    for (const checker of REGISTER_CHECKERS) {
      if (checker.check(historyOfSmall(small), { budget: DEFAULT_BUDGET }).valid !== true) continue;
      deleted++;
      expect(checker.check(without, { budget: DEFAULT_BUDGET }).valid, checker.name).toBe(true);
    }
  }
  expect(deleted).toBeGreaterThan(500);
});

const STORES: readonly Store[] = ['serial', 'snapshot', 'stale'];

type Micro = readonly [f: string, ...rest: unknown[]];

function writes({ value }: OpEvent): boolean {
  return (value as readonly Micro[]).some(([f]) => f !== 'r');
}

test('deleting a client that only reads makes no valid history of transactions invalid', () => {
  let deleted = 0;
  for (const dialect of ['list-append', 'rw-register'] as const) {
    const checker = dialect === 'list-append' ? listAppend() : rwRegister();
    for (const store of STORES) {
      const histories = smallHistory({ dialect, store, transactions: 5 });
      for (const events of fc.sample(histories, fuzz(700, 6))) {
        const writers = new Set(events.filter(writes).map(({ process }) => process));
        const reader = events.find(({ process }) => !writers.has(process))?.process;
        if (reader === undefined) continue;
        if (checker.check(historyOf(events), { budget: DEFAULT_BUDGET }).valid !== true) continue;
        deleted++;
        const without = historyOf(events.filter(({ process }) => process !== reader));
        expect(checker.check(without, { budget: DEFAULT_BUDGET }).valid).toBe(true);
      }
    }
  }
  expect(deleted).toBeGreaterThan(200);
});
