import type { ScriptedOperation, WholeScript } from '../../spec/script.ts';
import type { TestSpec } from '../../spec/test-spec.ts';
import type { Nanos } from '../../world/nanos.ts';
import type { Seed } from '../../world/random.ts';
import { withoutLastNode } from './fewer-nodes.ts';
import { broughtForward, endedEarly, longGaps, settledLess, withoutRecovery } from './less-time.ts';
import { type FirstThatShows, minimize } from './minimize.ts';

/** A test whose every move is written down. */
export type ScriptedSpec = TestSpec & { readonly script: WholeScript };

/** What is known of the violation that is to be kept. */
export interface Violation {
  /** Indices of the scripted operations that prove it; those of the final reads are not among them. */
  readonly operations: ReadonlySet<ScriptedOperation>;
  /** When its proof is complete. */
  readonly complete: Nanos;
}

export interface ShrinkOptions {
  /** Of some tests the first that still fails in the same way. */
  readonly firstThatFails: FirstThatShows<ScriptedSpec>;
  /** Hears what has been tried, and how small the test is now. */
  readonly onStep?: ((what: string, spec: ScriptedSpec) => void) | undefined;
}

/**
 * A smallest test that still fails in the same way: first without what comes after the proof, then with as few faults, client
 * operations, nodes, clients and as little time as will do, in that order, and the first two once more.
 */
export async function shrink(
  first: ScriptedSpec,
  violation: Violation,
  { firstThatFails, onStep = () => {} }: ShrinkOptions,
): Promise<ScriptedSpec> {
  let spec = first;
  const attempt = async (candidates: readonly ScriptedSpec[]): Promise<boolean> => {
    const found = await firstThatFails(candidates);
    if (found >= 0) spec = candidates[found]!;
    return found >= 0;
  };
  const fewer = async (part: 'operations' | 'faults'): Promise<void> => {
    const withPart = (moves: readonly unknown[]): ScriptedSpec => ({
      ...spec,
      script: { ...spec.script, [part]: moves },
    });
    const left = await minimize<unknown>(spec.script[part], (lists) => firstThatFails(lists.map(withPart)));
    spec = withPart(left);
    onStep(part, spec);
  };

  await attempt(jumps(spec, violation));
  onStep('the proof', spec);
  await fewer('faults');
  await fewer('operations');
  await attempt(onFewerNodes(spec));
  onStep('nodes', spec);
  await attempt([onFewestThreads(spec)]);
  onStep('clients', spec);
  await lessTime();
  onStep('time', spec);
  await fewer('faults');
  await fewer('operations');
  return spec;

  async function lessTime(): Promise<void> {
    await attempt([endedEarly(spec)]);
    await attempt(withoutRecovery(spec));
    await attempt(settledLess(spec));
    for (const end of longGaps(spec)) {
      const before = [...spec.script.operations, ...spec.script.faults]
        .map(({ at }) => at)
        .filter((at) => at < end);
      const gap = end - Math.max(0, ...before);
      await attempt([0.95, 0.75, 0.5].map((part) => broughtForward(spec, end, Math.floor(gap * part))));
    }
  }
}

/** Seeds under which it is tried whether chance falls as it must. */
const OTHER_SEEDS = 20;

/** A seed, and others that follow from it. */
export function seedsLike(seed: Seed): Seed[] {
  return [seed, ...Array.from({ length: OTHER_SEEDS }, (_, i) => `${seed}/${i + 1}`)];
}

/**
 * Great leaps that often succeed, the greatest first: only what proves it, only its objects, each also under other seeds,
 * and at last only what came until then.
 */
function jumps(spec: ScriptedSpec, { operations: proof, complete }: Violation): ScriptedSpec[] {
  const { operations, faults } = spec.script;
  const keys = new Set([...proof].map(({ key }) => key));
  const until = faults.filter(({ at }) => at <= complete);
  const early = operations.filter(({ at }) => at <= complete);
  const only = (list: readonly ScriptedOperation[]) =>
    endedEarly({ ...spec, script: { ...spec.script, operations: list, faults: until } });
  const seeds = seedsLike(spec.seed);
  const leaps = [early.filter((op) => proof.has(op)), early.filter(({ key }) => keys.has(key))].map(only);
  return [...leaps.flatMap((leap) => seeds.map((seed) => ({ ...leap, seed }))), only(early)];
}

/** The same test on one node, two, three ... */
function onFewerNodes(spec: ScriptedSpec): ScriptedSpec[] {
  const out: ScriptedSpec[] = [];
  for (let smaller = spec; smaller.nodes > 1; ) {
    smaller = withoutLastNode(smaller);
    out.unshift(smaller);
  }
  return out;
}

/** The same operations on threads without gaps between their numbers. */
function onFewestThreads(spec: ScriptedSpec): ScriptedSpec {
  const { operations } = spec.script;
  const used = [...new Set(operations.map(({ thread }) => thread))].sort((a, b) => a - b);
  return {
    ...spec,
    concurrency: Math.max(1, used.length),
    script: {
      ...spec.script,
      operations: operations.map((op) => ({ ...op, thread: used.indexOf(op.thread) })),
    },
  };
}
