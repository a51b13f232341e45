import type { Fault, FaultKind, NodeId } from '../src/faults/fault.ts';
import { MILLISECOND, SECOND } from '../src/world/nanos.ts';
import type { Parameters } from '../src/world/parameters.ts';
import type { RandomStream } from '../src/world/random.ts';
import { BENIGN } from '../src/world/system-model.ts';
import { UsageError } from '../src/world/usage-error.ts';
import { episodic } from './episodes.ts';
import { logScale } from './log-scale.ts';
import { around, PACE } from './pace.ts';
import { drawTargets, feasible, nodesForTarget, TARGETS } from './targets.ts';

/** The worst drift of a sound quartz clock, and what Spanner assumes (Corbett et al. 2012, section 3), ppm. */
export const SOUND_PPM = 200;

const KINDS: Readonly<Record<string, FaultKind>> = {
  bump: 'clock/step',
  strobe: 'clock/strobe',
  drift: 'clock/drift',
};

const parameters = {
  kinds: {
    type: 'choices',
    of: Object.keys(KINDS),
    default: Object.keys(KINDS),
    about:
      'a jump of the wall clock, a wall clock that jumps forth and back, clocks and timers that run fast or slow',
  },
  targets: {
    type: 'choices',
    of: TARGETS,
    default: TARGETS,
    about: 'whose clocks; each is hit with another strength',
  },
  ...PACE,
  bump: {
    type: 'duration',
    default: 60 * SECOND,
    about: 'the largest jump, forward or back; jumps are from 1ms up, small ones as likely as large',
  },
  strobe: {
    type: 'duration',
    default: 1 * SECOND,
    about: 'the largest jump of a strobe; from 1ms up in the same way',
  },
  drift: {
    type: 'integer',
    default: 50_000,
    min: 1,
    max: 500_000,
    about: 'the largest drift, fast or slow, in parts per million; up to 200 a sound clock may do',
  },
} as const satisfies Parameters;

/**
 * Makes clocks wrong, and at the end of each fault right again, which is a jump too. A wall clock that jumps keeps a
 * bound to true time only where the model says so; else only a system that trusts no clock, an asynchronous one, must
 * bear it. A drift within what sound clocks do is a bound that a partially synchronous system may know; a greater one is
 * not.
 */
export const clock = episodic({
  name: 'clock',
  about: 'bumps, strobes and drifts clocks, then resets them',
  parameters,
  permits: ({ kinds, bump, strobe, drift }) => {
    const sound = !kinds.includes('drift') || drift <= SOUND_PPM;
    const clockError = Math.max(kinds.includes('bump') ? bump : 0, kinds.includes('strobe') ? strobe : 0);
    const timing = sound ? 'partially-synchronous' : 'asynchronous';
    return { ...BENIGN, timing, ...(clockError > 0 ? { clockError } : {}) };
  },
  uses: ({ kinds }): FaultKind[] => [...kinds.map((kind) => KINDS[kind]!), 'clock/reset'],
  episodes({ mayFail: nodes, primaries, random, model }, { kinds, targets, duration, bump, strobe, drift }) {
    const possible = feasible(targets, nodes.length, nodesForTarget, 'nemesis clock: targets');
    const usable = feasible(kinds, nodes.length, () => 1, 'nemesis clock: kinds');
    if (bump < MILLISECOND) throw new UsageError('nemesis clock: bump must be at least 1ms');
    if (strobe < MILLISECOND) throw new UsageError('nemesis clock: strobe must be at least 1ms');

    const fault = (kind: string, node: NodeId, lasts: number): Fault => {
      if (kind === 'bump') return { kind: 'clock/step', node, by: signed(random, MILLISECOND, bump) };
      if (kind === 'drift') return { kind: 'clock/drift', node, ppm: signed(random, 1, drift) };
      const period = logScale(random, MILLISECOND, SECOND);
      return { kind: 'clock/strobe', node, by: signed(random, MILLISECOND, strobe), period, lasts };
    };
    // A clock that drifts is set right before it is further off than the model allows.
    const longest = Math.floor(((model.clockError ?? Number.POSITIVE_INFINITY) * 1e6) / drift);
    return {
      *episode() {
        const kind = random.pick(usable);
        const hit = drawTargets(random.pick(possible), nodes.length, nodes, primaries(), random);
        const lasts =
          kind === 'drift' ? Math.min(around(random, duration), longest) : around(random, duration);
        for (const node of hit) yield fault(kind, node, lasts);
        yield { wait: lasts };
        for (const node of hit) yield { kind: 'clock/reset', node };
      },
    };
  },
});

function signed(random: RandomStream, from: number, to: number): number {
  const size = logScale(random, from, to);
  return random.chance(0.5) ? size : -size;
}
