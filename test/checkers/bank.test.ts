import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BankOptions, bank } from '../../checkers/bank.ts';
import { EFFORT, fuzz } from './effort.ts';
import { blamed, check, type Told, tell } from './story.ts';

const transfer = (from: string, to: string, amount: number, more: Partial<Told> = {}): Told => ({
  process: 0,
  f: 'transfer',
  argument: { from, to, amount },
  ...more,
});
const read = (balances: unknown, more: Partial<Told> = {}): Told => ({
  process: 1,
  f: 'read',
  result: balances,
  ...more,
});

function judge(story: readonly Told[], options: BankOptions = {}) {
  const history = tell(...story);
  const verdict = check(bank(options), history);
  return { ...verdict, blamed: blamed(history, verdict), message: verdict.anomalies[0]?.message };
}

test('reads that show all the money are right', () => {
  const story = [read({ a: 10, b: 0 }), transfer('a', 'b', 4), read({ a: 6, b: 4 })];
  expect(judge(story)).toMatchObject({ valid: true, vacuous: [], counts: { reads: 2, transfers: 1 } });
});

test('a read that shows half of a transfer has the wrong total, and the transfer is named', () => {
  const story = [
    read({ a: 10, b: 0 }),
    transfer('a', 'b', 4, { from: 10, to: 30 }),
    read({ a: 6, b: 0 }, { process: 2, from: 15, to: 20 }),
    read({ a: 6, b: 4 }, { from: 40 }),
  ];
  const found = judge(story);
  expect(found.blamed).toEqual(['wrong-total: 1 read, 2 read']);
  expect(found.message).toContain(
    'shows 6 in all accounts together, 4 too little: there are 10, as most reads',
  );
  expect(found.message).toContain("That is half of process 0's transfer");
  expect(judge(story, { total: 10 }).blamed).toEqual(['wrong-total: 2 read']);
});

test('an overdrawn account is a violation unless it is allowed', () => {
  const story = [read({ a: -3, b: 13 }), transfer('a', 'b', 3)];
  expect(judge(story).blamed).toEqual(['negative-balance: 1 read']);
  expect(judge(story, { negativeBalances: true }).valid).toBe(true);
});

test('a balance that is no number is a violation', () => {
  expect(judge([read({ a: null, b: 10 })]).blamed).toEqual(['no-balance: 1 read']);
});

test('banks of different keys are apart, and have totals of their own', () => {
  expect(judge([read({ a: 1 }, { key: 'x' }), read({ a: 2 }, { key: 'y' })]).valid).toBe(true);
});

test('a read that is not an object is refused by name', () => {
  expect(() => judge([read([1, 2])])).toThrow(
    'event 1 (read): the value must be an object with the balance of every account, not [1,2]',
  );
});

test('a pass without a transfer or a read is vacuous', () => {
  expect(judge([]).vacuous).toEqual(['no transfer succeeded', 'no read succeeded']);
});

test('one transfer that a read in a right run shows by half is found, and just that read blamed', () => {
  const runs = fc.record({
    transfers: fc.array(
      fc.record({
        from: fc.nat(3),
        step: fc.integer({ min: 1, max: 3 }),
        amount: fc.integer({ min: 1, max: 9 }),
      }),
      { minLength: 3, maxLength: 20 },
    ),
    pick: fc.nat(),
    takes: fc.boolean(),
  });
  fc.assert(
    fc.property(runs, ({ transfers, pick, takes }) => {
      const victim = pick % transfers.length;
      const accounts = [1000, 1000, 1000, 1000];
      const right: Told[] = [];
      const wrong: Told[] = [];
      transfers.forEach(({ from, step, amount }, i) => {
        const to = (from + step) % 4;
        const move = transfer(`${from}`, `${to}`, amount);
        accounts[from]! -= amount;
        accounts[to]! += amount;
        right.push(move, read({ ...accounts }));
        const seen = { ...accounts };
        if (i === victim) seen[takes ? to : from]! += takes ? -amount : amount;
        wrong.push(move, read(seen, i === victim ? { process: 7 } : {}));
      });
      expect(judge(right, { total: 4000 }).valid).toBe(true);
      expect(judge(wrong, { total: 4000 }).blamed).toEqual(['wrong-total: 7 read']);
      expect(judge(wrong).blamed).toEqual(['wrong-total: 1 read, 7 read']);
    }),
    fuzz(200, 1),
  );
});

test('agrees with the definition on small histories', () => {
  let wrong = 0;
  const balances = fc.array(fc.constantFrom(-1, 0, 1, 2, 2, 2, 3), { minLength: 2, maxLength: 2 });
  fc.assert(
    fc.property(fc.array(balances, { maxLength: 4 }), (reads) => {
      const expected = reads.every(([a, b]) => a! >= 0 && b! >= 0 && a! + b! === 4);
      if (!expected) wrong++;
      expect(
        judge(
          reads.map(([a, b]) => read({ a, b })),
          { total: 4 },
        ).valid,
      ).toBe(expected);
    }),
    fuzz(500, 1),
  );
  expect(wrong).toBeGreaterThan(50);
  expect(wrong).toBeLessThan(480 * EFFORT);
});
