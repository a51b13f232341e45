import type { FaultKind, Link, NodeId } from '../src/faults/fault.ts';
import type { LinkPolicy } from '../src/faults/link.ts';
import { MILLISECOND } from '../src/world/nanos.ts';
import type { Parameters } from '../src/world/parameters.ts';
import { BENIGN, type SystemModel, wilder } from '../src/world/system-model.ts';
import { episodic } from './episodes.ts';
import { around, PACE } from './pace.ts';
import { drawTargets, feasible } from './targets.ts';

const LATE: SystemModel = { ...BENIGN, timing: 'partially-synchronous' };
const LOSSY: SystemModel = { ...BENIGN, network: 'fair-loss' };

/** What each kind of trouble needs: a held-back packet is both out of order and late. */
const NEEDS: Readonly<Record<string, SystemModel>> = {
  delay: LATE,
  loss: LOSSY,
  duplicate: LOSSY,
  reorder: wilder(LOSSY, LATE),
};

const parameters = {
  kinds: {
    type: 'choices',
    of: Object.keys(NEEDS),
    default: Object.keys(NEEDS),
    about: 'what may become of packets; each fault draws some of these at once',
  },
  targets: {
    type: 'choices',
    of: ['all', 'one', 'minority'],
    default: ['all', 'one', 'minority'],
    about: 'whose links, both ways: those of all nodes, of one, of a minority',
  },
  ...PACE,
  delay: {
    type: 'duration',
    default: 100 * MILLISECOND,
    about:
      'a delayed packet takes this long on average: half of it always, the rest exponentially distributed',
  },
  loss: { type: 'probability', default: 0.2, about: 'probability that a packet is lost' },
  duplicate: { type: 'probability', default: 0.2, about: 'probability that a packet arrives twice' },
  reorder: {
    type: 'probability',
    default: 0.2,
    about: 'probability that a packet is held back, so that later ones overtake it',
  },
} as const satisfies Parameters;

/**
 * Makes links between nodes bad but not dead. Lost, repeated and reordered packets are what fair-loss links may do. A
 * late packet breaks the bound of a synchronous system; as everything is healed in the end, the bound holds from some
 * time on, which is partial synchrony (Dwork, Lynch, Stockmeyer 1988), however long the delay.
 */
export const packet = episodic({
  name: 'packet',
  about: 'delays, loses, duplicates and reorders packets between nodes',
  parameters,
  permits: ({ kinds }) => kinds.map((kind) => NEEDS[kind]!).reduce(wilder, BENIGN),
  uses: (): FaultKind[] => ['network/shape', 'network/unshape'],
  episodes({ nodes, random }, { kinds, targets, duration, delay, loss, duplicate, reorder }) {
    feasible(kinds, nodes.length, () => 2, 'nemesis packet: kinds');
    const possible = feasible(targets, nodes.length, nodesForLinks, 'nemesis packet: targets');
    const policies: Readonly<Record<string, Partial<LinkPolicy>>> = {
      delay: { latency: { base: Math.floor(delay / 2), tail: Math.ceil(delay / 2) } },
      loss: { loss },
      duplicate: { duplicate },
      reorder: { reorder },
    };
    return {
      *episode() {
        const some = random.shuffle(kinds).slice(0, random.between(1, kinds.length));
        const policy = Object.assign({}, ...some.map((kind) => policies[kind])) as Partial<LinkPolicy>;
        const hit = drawTargets(random.pick(possible), nodes.length, nodes, [], random);
        const links = linksOf(hit, nodes);
        yield { kind: 'network/shape', links, policy };
        yield { wait: around(random, duration) };
        yield { kind: 'network/unshape', links };
      },
    };
  },
});

/** The least number of nodes of which such a target names any links. */
export function nodesForLinks(target: string): number {
  return target === 'minority' ? 3 : 2;
}

/** The directed links that begin or end at one of `hit`. */
function linksOf(hit: readonly NodeId[], nodes: readonly NodeId[]): Link[] {
  return nodes.flatMap((from) =>
    nodes
      .filter((to) => to !== from && (hit.includes(from) || hit.includes(to)))
      .map((to): Link => [from, to]),
  );
}
