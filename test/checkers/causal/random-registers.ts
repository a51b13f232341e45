import fc from 'fast-check';
import { historyOf } from '../../../histories/builder.ts';
import type { History } from '../../../histories/history.ts';
import type { OpEvent } from '../../../histories/op.ts';

/** A read or write of a small history; the session is its process. */
export interface SmallOp {
  readonly write: boolean;
  readonly key: number;
  /** What was written or read; 0 stands for the initial value. */
  readonly value: number;
  /** Only of the last operation of a session, and only of writes. */
  readonly outcome: 'ok' | 'info' | 'fail';
}

/** Operations of each session, in order. */
export type Small = readonly (readonly SmallOp[])[];

interface Draft {
  readonly write: boolean;
  readonly key: number;
  readonly choice: number;
}

/** Small histories of sessions of at most these lengths. Every value is unique; most reads return a value that was written. */
export function smallRegisters(lengths: readonly number[], keys: number): fc.Arbitrary<Small> {
  // Sessions that mostly write beside sessions that mostly read show what the others miss.
  const session = (most: number): fc.Arbitrary<Draft[]> =>
    fc.constantFrom(1, 4, 7).chain((writing) => {
      const write = fc.nat(7).map((dice) => dice < writing);
      const draft = fc.record({ write, key: fc.nat(keys - 1), choice: fc.nat(1000) });
      return fc.array(draft, { minLength: 1, maxLength: most });
    });
  const sessions = fc.tuple(...lengths.map(session));
  const ends = fc.array(fc.constantFrom('ok', 'ok', 'ok', 'info', 'fail'), {
    minLength: lengths.length,
    maxLength: lengths.length,
  });
  return fc
    .tuple(sessions, ends)
    .map(([drafts, outcomes]) => finish(drafts, outcomes as SmallOp['outcome'][]));
}

function finish(drafts: readonly (readonly Draft[])[], outcomes: readonly SmallOp['outcome'][]): Small {
  let value = 0;
  const numbered = drafts.map((session) => session.map((op) => ({ ...op, value: op.write ? ++value : 0 })));
  const written = numbered.flat().filter((op) => op.write);
  return numbered.map((session, s) =>
    session.map(({ write, key, choice, value }, i) => {
      const outcome = write && i === session.length - 1 ? outcomes[s]! : 'ok';
      const candidates = [0, ...written.filter((op) => op.key === key).map((op) => op.value)];
      return { write, key, outcome, value: write ? value : candidates[choice % candidates.length]! };
    }),
  );
}

/** As a history: session after session, as its checkers must not look at the time. */
export function historyOfSmall(small: Small): History {
  const events: OpEvent[] = [];
  small.forEach((session, process) => {
    for (const op of session) {
      const f = op.write ? 'write' : 'read';
      const value = op.value === 0 ? null : op.value;
      const common = { process, f, key: op.key };
      events.push({ ...common, time: events.length, type: 'invoke', value: op.write ? value : null });
      events.push({ ...common, time: events.length, type: op.outcome, value });
    }
  });
  return historyOf(events);
}

/**
 * Small histories of a causal store: before each operation a session may hear all that some others know. With `agree`, a
 * read returns the write of highest rank that its session knows (so the history is convergent); without, the one it
 * applied last (so it is causal memory). Now and then one read is changed at random.
 */
export function causalStore(
  sessions: number,
  keys: number,
  length: number,
  agree: boolean,
): fc.Arbitrary<Small> {
  const step = fc.record({
    session: fc.nat(sessions - 1),
    write: fc.boolean(),
    key: fc.nat(keys - 1),
    hears: fc.tuple(fc.nat(2), fc.nat((1 << sessions) - 1)).map(([dice, mask]) => (dice === 0 ? mask : 0)),
    jump: fc.nat(4),
  });
  const slip = fc.option(fc.record({ at: fc.nat(length), choice: fc.nat(length) }), { freq: 3 });
  return fc
    .tuple(fc.array(step, { minLength: 2, maxLength: length, size: 'max' }), slip)
    .map(([steps, slip]) => {
      const applied: { key: number; value: number; rank: number }[][] = Array.from(
        { length: sessions },
        () => [],
      );
      const out: SmallOp[][] = applied.map(() => []);
      let values = 0;
      steps.forEach(({ session, write, key, hears, jump }, i) => {
        const mine = applied[session]!;
        applied.forEach((theirs, s) => {
          if ((hears & (1 << s)) !== 0) for (const w of theirs) if (!mine.includes(w)) mine.push(w);
        });
        const rank = Math.max(0, ...mine.map((w) => w.rank)) + 1 + jump + i / 1000;
        if (write) mine.push({ key, value: ++values, rank });
        const known = mine.filter((w) => w.key === key);
        if (agree) known.sort((a, b) => a.rank - b.rank);
        const held = known[known.length - 1]?.value ?? 0;
        const others = applied.flat().filter((w) => w.key === key);
        const slipped = slip?.at === i ? others[slip.choice % Math.max(1, others.length)]?.value : undefined;
        const value = write ? values : (slipped ?? held);
        out[session]!.push({ write, key, value, outcome: 'ok' });
      });
      return out;
    });
}

/**
 * One session writes each of three keys; another writes one and reads some: where the writes of the first arrive among
 * the reads decides between the kinds of causal consistency.
 */
export const lateArrivals: fc.Arbitrary<Small> = fc
  .tuple(
    fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
    fc.nat(2),
    fc.array(fc.record({ write: fc.nat(9).map((n) => n === 0), key: fc.nat(2), choice: fc.nat(100) }), {
      minLength: 2,
      maxLength: 4,
    }),
  )
  .map(([keys, first, reads]) => {
    const writer = keys.map((key) => ({ write: true, key, choice: 0 }));
    return finish([[{ write: true, key: first, choice: 0 }, ...reads], writer], ['ok', 'ok']);
  });
