import type { NodeId } from '../src/faults/fault.ts';
import { LIES } from '../src/faults/lie.ts';
import type { Parameters } from '../src/world/parameters.ts';
import { BENIGN } from '../src/world/system-model.ts';
import { UsageError } from '../src/world/usage-error.ts';
import { episodic } from './episodes.ts';
import { around, PACE } from './pace.ts';

const parameters = {
  lies: {
    type: 'choices',
    of: LIES,
    default: LIES,
    about:
      'what a liar does: says nothing, to some or to all; falsifies a part of what it says; says one thing to some and ' +
      'another to others; says what it said at another time',
  },
  liars: {
    type: 'integer',
    default: 0,
    min: 0,
    about:
      'how many nodes lie, the same ones throughout a run; 0: as many as the system bears, and at least one',
  },
  share: { type: 'probability', default: 0.5, about: 'the part of its messages about which a liar lies' },
  ...PACE,
} as const satisfies Parameters;

/**
 * Makes nodes lie to others: their programs work on as ever, and what they send is falsified on its way out. Who has ever
 * lied is a traitor for the whole run, so it is always the same ones.
 */
export const byzantine = episodic({
  name: 'byzantine',
  about: 'makes some nodes lie to the others: they falsify, withhold, repeat, and tell each something else',
  parameters,
  permits: () => ({ ...BENIGN, nodes: 'byzantine' }),
  uses: () => ['process/lie', 'process/honest'],
  liars: ({ liars }, bears) => (liars > 0 ? liars : Math.max(1, bears)),
  episodes({ nodes, mayLie, random }, { lies, liars, share, duration }) {
    if (lies.length === 0) throw new UsageError('nemesis byzantine: lies is empty; name at least one');
    if (liars > nodes.length)
      throw new UsageError(
        `nemesis byzantine: liars=${liars} needs as many nodes and there are ${nodes.length}`,
      );
    const ways = LIES.filter((way) => lies.includes(way));
    const count = liars > 0 ? liars : Math.max(1, mayLie.length);
    const traitors = traitorsAmong(mayLie, random.shuffle(nodes)).slice(0, count);
    return {
      *episode() {
        for (const node of traitors) yield { kind: 'process/lie', node, lies: ways, share };
        yield { wait: around(random, duration) };
        for (const node of traitors) yield { kind: 'process/honest', node };
      },
    };
  },
});

/** Those that may lie come first. */
function traitorsAmong(mayLie: readonly NodeId[], nodes: readonly NodeId[]): NodeId[] {
  return [...mayLie, ...nodes.filter((node) => !mayLie.includes(node))];
}
