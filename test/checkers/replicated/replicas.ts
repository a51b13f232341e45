import fc from 'fast-check';
import { expect } from 'vitest';
import type { Checker } from '../../../checkers/checker.ts';
import { fuzz } from '../effort.ts';
import type { Told } from '../story.ts';
import { judged, read, unsure, update } from './told.ts';

const NODES = ['n1', 'n2', 'n3', 'n4'] as const;

/** An update as it really was, also where nobody was told. */
export interface Made {
  /** `n1:2`. */
  readonly name: string;
  readonly f: string;
  readonly argument: unknown;
  /** The names of those that its replica had delivered. */
  readonly saw: ReadonlySet<string>;
  /** Lamport's clock: higher than those of all that it saw. */
  readonly clock: number;
  /** Whether its client was told its name. */
  readonly acknowledged: boolean;
}

/** What a replica showed. */
export interface Shown {
  readonly state: unknown;
  /** What it had delivered, in the order in which it was made. */
  readonly delivered: readonly Made[];
}

export interface Run {
  readonly story: readonly Told[];
  readonly updates: readonly Made[];
  readonly shown: readonly Shown[];
}

export interface ReplicatedObject {
  /** An update; `serial` is a number not used before. */
  update(pick: number, serial: number): { readonly f: string; readonly argument: unknown };
  /** The state that a replica shows which has delivered these; what a lie makes of it is up to `lie`, 0 being none. */
  state(delivered: readonly Made[], lie: number): unknown;
}

const STEP = fc.record({
  does: fc.constantFrom('update', 'update', 'hear', 'look', 'look'),
  node: fc.constantFrom(...NODES),
  from: fc.constantFrom(...NODES),
  /** Of whose updates a replica that is only looked at has heard. */
  origins: fc.subarray([...NODES], { minLength: 1 }),
  pick: fc.nat(999),
  lie: fc.nat(5),
  acknowledged: fc.nat(7).map((n) => n > 0),
});

/**
 * Runs of replicas that keep all that they have heard of, and show what is made of it; some lie. A replica hears all that
 * another knows, or only what began there, so not all of them deliver causes before their effects.
 */
export function replicaRuns(object: ReplicatedObject, size: number): fc.Arbitrary<Run> {
  return fc.array(STEP, { minLength: 4, maxLength: size }).map((steps) => {
    const made = new Map<string, Made>();
    const known: Record<string, Set<string>> = Object.fromEntries(NODES.map((node) => [node, new Set()]));
    const story: Told[] = [];
    const shown: Shown[] = [];
    let serial = 0;
    for (const { does, node, from, origins, pick, lie, acknowledged } of steps) {
      if (does === 'hear') {
        for (const name of known[from]!) if (pick % 2 === 0 || isOf(name, from)) known[node]!.add(name);
      } else if (does === 'look') {
        const heard = new Set(
          [...made.keys()].filter((name) => origins.some((origin) => isOf(name, origin))),
        );
        const names = pick % 3 === 0 ? known[node]! : heard;
        const delivered = [...made.values()].filter(({ name }) => names.has(name));
        const state = object.state(delivered, lie);
        shown.push({ state, delivered });
        story.push(read(pick % 3 === 0 ? node : 'n9', vectorOf(names), state));
      } else {
        const { f, argument } = object.update(pick, ++serial);
        const saw = vectorOf(known[node]!);
        const name = `${node}:${(saw[node] ?? 0) + 1}`;
        story.push(acknowledged ? update(node, f, argument, saw) : unsure(node, f, argument));
        const clock = 1 + Math.max(0, ...[...known[node]!].map((each) => made.get(each)!.clock));
        made.set(name, { name, f, argument, saw: new Set(known[node]), clock, acknowledged });
        known[node]!.add(name);
      }
    }
    return { story, updates: [...made.values()], shown };
  });
}

function isOf(name: string, origin: string): boolean {
  return name.startsWith(`${origin}:`);
}

/** Every set of names here holds the first so many of each origin. */
function vectorOf(names: ReadonlySet<string>): Record<string, number> {
  return Object.fromEntries(
    NODES.map((node) => [node, [...names].filter((name) => isOf(name, node)).length]),
  );
}

/**
 * What a checker has to say of a run: true if all that was shown is right, false if what was shown by replicas of whose
 * updates each has a name is wrong already; undefined where it depends on what updates without a name may have been.
 */
function expected(
  { updates, shown }: Run,
  isRight: (updates: readonly Made[], shown: readonly Shown[]) => boolean,
): boolean | undefined {
  if (isRight(updates, shown)) return true;
  const named = updates.filter(({ acknowledged }) => acknowledged);
  const sure = shown.filter(({ delivered }) => delivered.every(({ acknowledged }) => acknowledged));
  return isRight(named, sure) ? undefined : false;
}

/** Holds a checker against the definition of what it checks. */
export function expectAgreement(
  checker: Checker,
  runs: fc.Arbitrary<Run>,
  isRight: (updates: readonly Made[], shown: readonly Shown[]) => boolean,
): void {
  const seen = { right: 0, wrong: 0 };
  fc.assert(
    fc.property(runs, (run) => {
      const right = expected(run, isRight);
      if (right === undefined) return;
      seen[right ? 'right' : 'wrong']++;
      expect(judged(checker, ...run.story).valid).toBe(right);
    }),
    fuzz(2000, 1),
  );
  expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(300);
}
