import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clock } from '../../checkers/clock/clock.ts';
import { fuzz } from './effort.ts';
import { blamed, check, type Told, tell } from './story.ts';

const MS = 1_000_000;

interface Shown {
  readonly time: number;
  readonly error?: number | null;
  readonly life?: number;
  readonly steps?: number;
}

/** A reading, all times in ms. */
function read(node: string, from: number, to: number, { time, error = 1, life = 1, steps = 0 }: Shown): Told {
  const result = { time: time * MS, error: error === null ? null : error * MS, life, steps };
  return { process: Number(node.slice(1)), node, f: 'read', from, to, result };
}

function elapsed(waited: number, took: number, to: number): Told {
  return { process: 1, node: 'n1', f: 'elapsed', argument: waited * MS, result: took * MS, from: 0, to };
}

function judge(...story: readonly Told[]) {
  const history = tell(...story);
  const verdict = check(clock(), history);
  return { ...verdict, blamed: blamed(history, verdict), message: verdict.anomalies[0]?.message };
}

test('clocks that differ by no more than their bounds are right', () => {
  const found = judge(read('n1', 0, 2, { time: 1000 }), read('n2', 10, 12, { time: 1013, error: 3 }));
  expect(found).toMatchObject({ valid: true, vacuous: [], counts: { readings: 2, bounded: 2 } });
});

test('two clocks that are further apart than both bounds allow prove one of them wrong', () => {
  const found = judge(read('n1', 0, 2, { time: 1000 }), read('n2', 10, 12, { time: 1020, error: 2 }));
  expect(found.blamed).toEqual(['clock-bound: 2 read, 1 read']);
  expect(found.message).toContain(
    'the first is ahead of the second by at least 5 ms more than both bounds allow',
  );
});

test('one clock that contradicts itself is wrong too', () => {
  const found = judge(
    read('n1', 0, 1, { time: 1000 }),
    read('n1', 1000, 1001, { time: 2200, steps: 1 }),
    read('n2', 1000, 1001, { time: 0, error: null }),
  );
  expect(found.blamed).toEqual(['clock-bound: 1 read, 1 read']);
});

test('a clock that states no bound, or answers late, contradicts nobody', () => {
  const first = read('n1', 0, 2, { time: 1000 });
  expect(judge(first, read('n2', 10, 12, { time: 1020, error: null }))).toMatchObject({
    valid: true,
    vacuous: ['fewer than two clocks ever stated a bound'],
  });
  expect(judge(first, read('n2', 10, 40, { time: 1035, error: 2 })).valid).toBe(true);
});

test('a clock that goes back without a step is broken', () => {
  const found = judge(
    read('n1', 0, 1, { time: 1000, error: null }),
    read('n1', 10, 11, { time: 999, error: null }),
  );
  expect(found.blamed).toEqual(['clock-jump: 1 read, 1 read']);
  expect(found.message).toContain("n1's clock went back");
  expect(found.message).toContain('at least 9.994 ms earlier than it should be by then');
});

test('so is one that jumps ahead, or runs faster than an oscillator that is slewed', () => {
  const later = (time: number) =>
    judge(read('n1', 0, 1, { time: 0, error: null }), read('n1', 10_000, 10_001, { time, error: null }));
  expect(later(10_007).valid).toBe(true);
  expect(later(9_993).valid).toBe(true);
  expect(later(10_010).blamed).toEqual(['clock-jump: 1 read, 1 read']);
  expect(later(9_990).blamed).toEqual(['clock-jump: 1 read, 1 read']);
});

test('a step must be of a size that can not be slewed', () => {
  const stepped = (time: number, steps: number) =>
    judge(read('n1', 0, 1, { time: 1000, error: null }), read('n1', 10, 11, { time, error: null, steps }));
  expect(stepped(1010 + 130, 1).valid).toBe(true);
  expect(stepped(1010 - 130, 1).valid).toBe(true);
  expect(stepped(1010 - 100, 1).blamed).toEqual(['needless-step: 1 read, 1 read']);
  expect(stepped(1010 + 100, 1).message).toContain('by an offset that should have been slewed away');
  // Two steps, one forth and one back, may be anything together.
  expect(stepped(1010 - 100, 2).valid).toBe(true);
});

test('another life has another clock, and readings at the same time are in no order', () => {
  const first = read('n1', 0, 1, { time: 1000, error: null });
  expect(judge(first, read('n1', 10, 11, { time: 5, error: null, life: 2 })).valid).toBe(true);
  const overlapping = [
    read('n1', 0, 10, { time: 1010, error: null }),
    { ...read('n1', 5, 12, { time: 1005, error: null }), process: 7 },
  ];
  expect(judge(...overlapping).valid).toBe(true);
});

test('elapsed time is no less than what was waited for, and no more than the operation took', () => {
  expect(judge(elapsed(100, 100, 103)).valid).toBe(true);
  expect(judge(elapsed(100, 102.9, 103)).valid).toBe(true);
  const long = judge(elapsed(100, 250, 103));
  expect(long.blamed).toEqual(['elapsed-time: 1 elapsed']);
  expect(long.message).toContain('measured 250 ms, but the whole operation took less');
  expect(judge(elapsed(100, -20, 103)).message).toContain('measured -20 ms, but it had waited for 100 ms');
});

test('what is no reading is said to be none', () => {
  expect(() => judge({ process: 1, f: 'read', result: 7 })).toThrow('{ time, error, life, steps }');
  expect(() => judge({ process: 1, f: 'elapsed', argument: 5, result: 'long' })).toThrow(
    'a number of nanoseconds',
  );
});

const readings = fc.array(
  fc.record({
    node: fc.integer({ min: 1, max: 3 }),
    from: fc.nat(50),
    takes: fc.integer({ min: 1, max: 10 }),
    wrong: fc.integer({ min: -12, max: 12 }),
    error: fc.nat(12),
  }),
  { minLength: 1, maxLength: 5 },
);

test('readings contradict each other exactly if no true time fits them all', () => {
  const seen = { right: 0, wrong: 0 };
  fc.assert(
    fc.property(readings, (all) => {
      const story = all.map(({ node, from, takes, wrong, error }, i) => ({
        ...read(`n${node}`, from, from + takes, { time: 1000 + from + wrong, error, life: i }),
        process: i,
      }));
      const broken = judge(...story).anomalies.some(({ kind }) => kind === 'clock-bound');
      const fits = (constant: number) =>
        all.every(
          ({ from, takes, wrong, error }) =>
            Math.max(from + constant, 1000 + from + wrong - error) <=
            Math.min(from + takes + constant, 1000 + from + wrong + error),
        );
      const constants = Array.from({ length: 101 }, (_, i) => 950 + i);
      expect(broken).toBe(!constants.some(fits));
      seen[broken ? 'wrong' : 'right']++;
    }),
    fuzz(1000, 1),
  );
  expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(100);
});

test('a clock that drifts, is slewed and is stepped as it may be is never blamed; one planted jump is', () => {
  const spans = fc.array(
    fc.record({
      lasts: fc.integer({ min: 20, max: 3000 }),
      ppm: fc.integer({ min: -700, max: 700 }),
      takes: fc.integer({ min: 1, max: 5 }),
      read: fc.float({ min: 0, max: 1, noNaN: true }),
      step: fc.constantFrom(0, 0, 0, 130, -4000),
    }),
    { minLength: 2, maxLength: 8 },
  );
  fc.assert(
    fc.property(spans, fc.nat(), fc.constantFrom(-60, 40), (all, pick, jump) => {
      const story = (planted: number) => {
        let now = 0;
        let shown = 1000;
        let steps = 0;
        return all.map(({ lasts, ppm, takes, read: part, step }, i) => {
          now += lasts;
          shown += lasts * (1 + ppm / 1e6) + step + (i === planted ? jump : 0);
          if (step !== 0) steps++;
          const from = now - takes * part;
          return read('n1', from, from + takes, { time: shown, error: null, steps });
        });
      };
      expect(judge(...story(-1)).anomalies).toEqual([]);
      const planted = 1 + (pick % (all.length - 1));
      const { anomalies } = judge(...story(planted));
      if (all[planted]!.step === 0) expect(anomalies.map(({ kind }) => kind)).toContain('clock-jump');
    }),
    fuzz(500, 1),
  );
});
