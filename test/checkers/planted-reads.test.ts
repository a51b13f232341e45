import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Checker } from '../../checkers/checker.ts';
import { counter } from '../../checkers/counter.ts';
import { linearizable } from '../../checkers/linearizable/linearizable.ts';
import { historyOf } from '../../histories/builder.ts';
import type { OpEvent } from '../../histories/op.ts';
import { fuzz } from './effort.ts';
import { REGISTER_CHECKERS } from './register-checkers.ts';
import { check } from './story.ts';

/** What a client does next: which client, what, to which object. */
interface Choice {
  readonly process: number;
  readonly writes: boolean;
  readonly key: number;
}

const CHOICES = fc.array(fc.record({ process: fc.nat(3), writes: fc.boolean(), key: fc.nat(1) }), {
  minLength: 12,
  maxLength: 80,
  size: 'max',
});

/** A right run: one operation after another. `add`: counters, else registers, whose values are all different. */
function rightRun(choices: readonly Choice[], add: boolean): OpEvent[] {
  const held = new Map<number, number>();
  return choices.flatMap(({ process, writes, key }, i): OpEvent[] => {
    const before = held.get(key) ?? (add ? 0 : null);
    if (writes) held.set(key, add ? before! + 1 : i + 1);
    const f = writes ? (add ? 'add' : 'write') : 'read';
    const asked = writes ? (add ? 1 : i + 1) : null;
    const common = { process, f, key };
    return [
      { ...common, type: 'invoke', time: 2 * i, value: asked },
      { ...common, type: 'ok', time: 2 * i + 1, value: writes ? asked : before },
    ];
  });
}

/** Completions of reads whose own client had written to the object before. */
function readsAfterOwnWrites(choices: readonly Choice[]): number[] {
  const wrote = new Set<string>();
  const out: number[] = [];
  choices.forEach(({ process, writes, key }, i) => {
    if (writes) wrote.add(`${process} ${key}`);
    else if (wrote.has(`${process} ${key}`)) out.push(2 * i + 1);
  });
  return out;
}

/** Plants `value` as the answer of one such read, and expects that `checker` blames that read, in each anomaly. */
function expectBlamed(checker: Checker, add: boolean, value: unknown): void {
  let planted = 0;
  fc.assert(
    fc.property(CHOICES, fc.nat(), (choices, choice) => {
      const events = rightRun(choices, add);
      expect(check(checker, historyOf(events)).valid).toBe(true);
      const reads = readsAfterOwnWrites(choices);
      if (reads.length === 0) return;
      planted++;
      const read = reads[choice % reads.length]!;
      const wrong = events.map((event, i) => (i === read ? { ...event, value } : event));
      const { valid, anomalies } = check(checker, historyOf(wrong));
      expect(valid).toBe(false);
      for (const { ops, key } of anomalies) {
        expect(ops.map((i) => i | 1)).toContain(read);
        if (key !== undefined) expect(key).toBe(events[read]!.key);
      }
    }),
    fuzz(150, 1),
  );
  expect(planted).toBeGreaterThan(100);
}

test.each(REGISTER_CHECKERS)('$name: a read that misses what its own client wrote is blamed', (checker) => {
  expectBlamed(checker, false, null);
});

test.each(REGISTER_CHECKERS)('$name: a read of a value that nobody wrote is blamed', (checker) => {
  expectBlamed(checker, false, -1);
});

test.each([counter(), linearizable({ model: 'counter' })])(
  '$name of counters: a read that misses what its own client added is blamed',
  (checker) => {
    expectBlamed(checker, true, 0);
  },
);
