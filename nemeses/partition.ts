import type { CutMode, Grudge, NodeId } from '../src/faults/fault.ts';
import { MILLISECOND } from '../src/world/nanos.ts';
import type { Parameters } from '../src/world/parameters.ts';
import type { RandomStream } from '../src/world/random.ts';
import { BENIGN } from '../src/world/system-model.ts';
import { UsageError } from '../src/world/usage-error.ts';
import { episodic } from './episodes.ts';
import { bridge, halves, isolate, oneWay, ring } from './grudges.ts';
import { around, PACE } from './pace.ts';
import type { Script } from './script.ts';
import { drawTargets, feasible } from './targets.ts';

interface Cut {
  /** The least number of nodes for which there is such a cut. */
  readonly needs: number;
  draw(nodes: readonly NodeId[], primaries: readonly NodeId[], random: RandomStream): Grudge;
}

const randomHalves: Cut = { needs: 2, draw: (nodes, _, random) => halves(random.shuffle(nodes)) };

const CUTS: Readonly<Record<string, Cut>> = {
  halves: { needs: 2, draw: (nodes) => halves(nodes) },
  'random-halves': randomHalves,
  one: { needs: 2, draw: (nodes, _, random) => isolate(nodes, random.pick(nodes)) },
  leader: {
    needs: 2,
    draw: (nodes, primaries, random) =>
      isolate(nodes, drawTargets('leader', nodes.length, nodes, primaries, random)[0]!),
  },
  bridge: { needs: 3, draw: (nodes, _, random) => bridge(random.shuffle(nodes)) },
  ring: { needs: 4, draw: (nodes, _, random) => ring(random.shuffle(nodes)) },
  'one-way': {
    needs: 2,
    draw: (nodes, _, random) => {
      const shuffled = random.shuffle(nodes);
      const deaf = random.between(1, nodes.length - 1);
      return oneWay(shuffled.slice(0, deaf), shuffled.slice(deaf));
    },
  },
  flapping: randomHalves,
};

/** The least number of nodes that a kind of partition needs. */
export function nodesForCut(kind: string): number {
  return CUTS[kind]!.needs;
}

const parameters = {
  kinds: {
    type: 'choices',
    of: Object.keys(CUTS),
    default: Object.keys(CUTS),
    about:
      'which cuts: the nodes in order or at random in two halves, one node or the leader alone, two halves with a ' +
      'bridge, a ring in which each node sees another majority, packets lost one way, halves that come and go',
  },
  ...PACE,
  mode: {
    type: 'choice',
    of: ['drop', 'reset'],
    default: 'drop',
    about: 'whether cut links swallow packets or reset connections, which both ends notice',
  },
  flap: {
    type: 'duration',
    default: 300 * MILLISECOND,
    about: 'how long flapping halves are apart, and together, at a time',
  },
} as const satisfies Parameters;

/**
 * Cuts links between nodes; clients still reach every node. A cut that heals loses messages and may be waited out by
 * sending again, which is just what fair-loss links allow, however long it lasts. What does get through is on time, so
 * it needs nothing of the timing.
 */
export const partition = episodic({
  name: 'partition',
  about: 'cuts the network between nodes, and heals it',
  parameters,
  permits: () => ({ ...BENIGN, network: 'fair-loss' }),
  uses: () => ['network/cut', 'network/heal'],
  episodes({ nodes, primaries, random }, { kinds, duration, mode, flap }) {
    const possible = feasible(kinds, nodes.length, nodesForCut, 'nemesis partition: kinds');
    if (flap < MILLISECOND) throw new UsageError('nemesis partition: flap must be at least 1ms');

    function* cutFor(grudge: Grudge, lasts: number): Script {
      yield { kind: 'network/cut', grudge, mode: mode as CutMode };
      yield { wait: lasts };
      yield { kind: 'network/heal', grudge };
    }

    function* flapping(grudge: Grudge): Script {
      for (let left = around(random, duration); left > 0; ) {
        const apart = Math.min(left, around(random, flap));
        yield* cutFor(grudge, apart);
        const together = around(random, flap);
        yield { wait: together };
        left -= apart + together;
      }
    }

    return {
      *episode() {
        const kind = random.pick(possible);
        const grudge = CUTS[kind]!.draw(nodes, primaries(), random);
        yield* kind === 'flapping' ? flapping(grudge) : cutFor(grudge, around(random, duration));
      },
    };
  },
});
