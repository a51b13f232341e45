/**
 * What the consistency levels mean, by enumeration: slow, and meant to be obviously right.
 */
import type { Small, SmallOp } from './random-registers.ts';

interface Op extends SmallOp {
  readonly id: number;
  readonly session: number;
  /** Place in its session. */
  readonly place: number;
}

/** A history in which every operation took effect. */
type Run = readonly (readonly Op[])[];

/** Each way in which the writes of unknown outcome may have turned out; failed ones did not happen. */
function* runsOf(small: Small): Generator<Run> {
  const unknown = small.flat().filter((op) => op.outcome === 'info').length;
  for (let choice = 0; choice < 1 << unknown; choice++) {
    let seen = 0;
    let id = 0;
    yield small.map((ops, session) =>
      ops
        .filter((op) => op.outcome === 'ok' || (op.outcome === 'info' && (choice & (1 << seen++)) !== 0))
        .map((op, place) => ({ ...op, id: id++, session, place })),
    );
  }
}

const some = (small: Small, holds: (run: Run) => boolean): boolean => {
  for (const run of runsOf(small)) if (holds(run)) return true;
  return false;
};

/**
 * Whether some sequence of these operations keeps `before` and gives each of the `judged` reads the value of the last
 * write before it to its key.
 */
function explained(
  ops: readonly Op[],
  before: (a: Op, b: Op) => boolean,
  judged: (read: Op) => boolean,
): boolean {
  const values = new Map<number, number>();
  const left = new Set(ops);
  const extend = (): boolean => {
    if (left.size === 0) return true;
    for (const op of [...left]) {
      let first = true;
      for (const other of left) if (other !== op && before(other, op)) first = false;
      if (!first) continue;
      const held = values.get(op.key) ?? 0;
      if (!op.write && judged(op) && held !== op.value) continue;
      left.delete(op);
      if (op.write) values.set(op.key, op.value);
      if (extend()) return true;
      values.set(op.key, held);
      left.add(op);
    }
    return false;
  };
  return extend();
}

const inSession = (a: Op, b: Op): boolean => a.session === b.session && a.place < b.place;

/** One sequence of all operations explains every read. */
export function isSequential(small: Small): boolean {
  return some(small, (run) => explained(run.flat(), inSession, () => true));
}

/** For each session one sequence of all writes and its own reads explains these. */
export function isPram(small: Small): boolean {
  return some(small, (run) =>
    run.every((_, p) => {
      const ops = run.flat().filter((op) => op.write || op.session === p);
      return explained(ops, inSession, () => true);
    }),
  );
}

/** Entry `past[op.id][s]`: the first so many operations of session `s` happened before `op`. */
type Causality = readonly (readonly number[])[];

const causes = (past: Causality, a: Op, b: Op): boolean => past[b.id]![a.session]! > a.place;

/** Some causal order explains each read by its causal past (CC). */
export function isCausal(small: Small): boolean {
  return some(small, (run) =>
    someCausality(run, (past, ops) =>
      ops.every((read) => {
        if (read.write) return true;
        const mine = ops.filter((op) => op === read || causes(past, op, read));
        return explained(
          mine,
          (a, b) => causes(past, a, b),
          (op) => op === read,
        );
      }),
    ),
  );
}

/** Some causal order explains each session's reads by the causal past of the last of them, in one sequence (CM). */
export function isCausalMemory(small: Small): boolean {
  return some(small, (run) =>
    someCausality(run, (past, ops) =>
      ops.every((last) => {
        const mine = ops.filter((op) => op === last || causes(past, op, last));
        return explained(
          mine,
          (a, b) => causes(past, a, b),
          (op) => op.session === last.session,
        );
      }),
    ),
  );
}

/** Some causal order, and an order of all writes that keeps it, explain each read by its causal past (CCv). */
export function isCausalConvergent(small: Small): boolean {
  return some(small, (run) =>
    someCausality(run, (past, ops) => {
      // Of two writes in the past of a read of the second, the first must come first.
      const writes = ops.filter((op) => op.write);
      const sequences = (chosen: Op[]): boolean => {
        if (chosen.length === writes.length)
          return ops.every((op) => op.write || latest(past, chosen, op) === op.value);
        return writes.some(
          (op) =>
            !chosen.includes(op) &&
            writes.every((other) => chosen.includes(other) || !causes(past, other, op)) &&
            sequences([...chosen, op]),
        );
      };
      return sequences([]);
    }),
  );
}

function latest(past: Causality, sequence: readonly Op[], read: Op): number {
  const known = sequence.filter((op) => op.key === read.key && causes(past, op, read));
  return known[known.length - 1]?.value ?? 0;
}

function someCausality(run: Run, holds: (past: Causality, ops: readonly Op[]) => boolean): boolean {
  const ops = run.flat();
  return causalities(run.map((session) => session.length)).some((past) => holds(past, ops));
}

const cache = new Map<string, readonly Causality[]>();

/** Every causal order of sessions of these lengths. */
function causalities(lengths: readonly number[]): readonly Causality[] {
  const name = lengths.join();
  let known = cache.get(name);
  if (known === undefined) cache.set(name, (known = [...enumerateCausalities(lengths)]));
  return known;
}

function* enumerateCausalities(lengths: readonly number[]): Generator<Causality> {
  const ops = lengths.flatMap((length, session) =>
    Array.from({ length }, (_, place) => ({ session, place })),
  );
  const idOf = (session: number, place: number): number =>
    lengths.slice(0, session).reduce((sum, length) => sum + length, 0) + place;
  const past: number[][] = [];
  yield* extend();

  function* extend(): Generator<Causality> {
    const op = ops[past.length];
    if (op === undefined) {
      if (closed()) yield past.map((row) => row.slice());
      return;
    }
    const before = op.place > 0 ? past[past.length - 1]! : lengths.map(() => 0);
    for (const row of rows(before, op.session, op.place)) {
      past.push(row);
      yield* extend();
      past.pop();
    }
  }

  /** Every row that knows at least as much as the operation before. */
  function* rows(before: readonly number[], session: number, place: number): Generator<number[]> {
    let partial: number[][] = [[]];
    lengths.forEach((length, s) => {
      const from = s === session ? place : before[s]!;
      const to = s === session ? place : length;
      partial = partial.flatMap((row) => Array.from({ length: to - from + 1 }, (_, i) => [...row, from + i]));
    });
    yield* partial;
  }

  /** Whether who knows an operation knows all that it knows, and no operation knows itself. */
  function closed(): boolean {
    return ops.every((_, id) =>
      past[id]!.every((known, s) => {
        if (known === 0) return true;
        const last = idOf(s, known - 1);
        return last !== id && past[last]!.every((count, t) => count <= past[id]![t]!) && !knows(last, id);
      }),
    );
  }

  function knows(a: number, b: number): boolean {
    return past[a]![ops[b]!.session]! > ops[b]!.place;
  }
}

type Guarantee = 'read-your-writes' | 'monotonic-reads' | 'monotonic-writes' | 'writes-follow-reads';

/** For each session the writes to a key can be ordered so that each read returns the last of what it must see, or later. */
export function keepsGuarantee(small: Small, guarantee: Guarantee): boolean {
  return some(small, (run) => run.every((session) => sessionKeeps(run, session, guarantee)));
}

function sessionKeeps(run: Run, session: readonly Op[], guarantee: Guarantee): boolean {
  const ops = run.flat();
  const source = (read: Op): Op | undefined =>
    ops.find((op) => op.write && op.key === read.key && op.value === read.value);
  const reads = ops.filter((op) => !op.write);
  if (session.some((op) => !op.write && op.value !== 0 && source(op) === undefined)) return false;
  const before: [Op, Op][] = [];
  for (const a of ops) {
    for (const b of ops) {
      if (a.key !== b.key || !b.write || !inSession(a, b)) continue;
      if (a.write) before.push([a, b]);
      const read = a.write ? undefined : source(a);
      if (read !== undefined && (session.includes(a) || guarantee === 'writes-follow-reads'))
        before.push([read, b]);
    }
  }
  for (const read of session.filter((op) => !op.write)) {
    for (const must of mustSee(guarantee, read, session, ops, reads, source)) {
      if (must.key !== read.key) continue;
      const returned = source(read);
      if (returned === undefined) return false;
      if (returned !== must) before.push([must, returned]);
    }
  }
  const keys = new Set(ops.map((op) => op.key));
  return [...keys].every((key) => {
    const writes = ops.filter((op) => op.write && op.key === key);
    return permutations(writes).some((order) =>
      before.every(([a, b]) => a.key !== key || order.indexOf(a) < order.indexOf(b)),
    );
  });
}

function mustSee(
  guarantee: Guarantee,
  read: Op,
  session: readonly Op[],
  ops: readonly Op[],
  reads: readonly Op[],
  source: (read: Op) => Op | undefined,
): Op[] {
  const earlier = session.filter((op) => inSession(op, read));
  const sources = (from: readonly Op[]): Op[] =>
    from.filter((op) => !op.write).flatMap((op) => source(op) ?? []);
  switch (guarantee) {
    case 'read-your-writes':
      return earlier.filter((op) => op.write);
    case 'monotonic-reads':
      return sources(earlier);
    case 'monotonic-writes': {
      const seen = sources([...earlier, read]);
      return ops.filter((op) => op.write && seen.some((write) => inSession(op, write)));
    }
    case 'writes-follow-reads': {
      const seen = sources([...earlier, read]);
      const out: Op[] = [];
      for (const write of seen) {
        for (const other of reads) {
          const led = inSession(other, write) ? source(other) : undefined;
          if (led === undefined) continue;
          out.push(led);
          if (led.key === write.key) out.push(write);
        }
      }
      return out;
    }
  }
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) =>
    permutations(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]),
  );
}
