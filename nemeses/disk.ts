import type { Fault, FaultKind, NodeId } from '../src/faults/fault.ts';
import { MILLISECOND, type Nanos } from '../src/world/nanos.ts';
import type { Parameters } from '../src/world/parameters.ts';
import type { RandomStream } from '../src/world/random.ts';
import { BENIGN, type SystemModel, wilder } from '../src/world/system-model.ts';
import { episodic } from './episodes.ts';
import { around, PACE } from './pace.ts';
import { trackProcesses } from './processes.ts';
import { drawTargets, feasible, nodesForTarget, TARGETS } from './targets.ts';

interface Trouble {
  readonly needs: SystemModel;
  readonly uses: readonly FaultKind[];
  harm(node: NodeId, strength: Strength, random: RandomStream): readonly Fault[];
  /** Whether it ends the process. */
  readonly deadly: boolean;
  /** What makes a node well again. */
  readonly repair: readonly ('disk/heal' | 'process/start')[];
}

interface Strength {
  readonly eio: number;
  readonly slow: Nanos;
}

const MAY_CRASH: SystemModel = { ...BENIGN, nodes: 'crash-recovery' };

const TROUBLES: Readonly<Record<string, Trouble>> = {
  'lose-unsynced': {
    needs: MAY_CRASH,
    uses: ['disk/lose-unsynced'],
    harm: (node, _, random) => [
      { kind: 'disk/lose-unsynced', node, fate: random.pick(['lost', 'prefix'] as const) },
    ],
    deadly: true,
    repair: ['process/start'],
  },
  'torn-write': {
    needs: MAY_CRASH,
    uses: ['disk/lose-unsynced'],
    harm: (node) => [{ kind: 'disk/lose-unsynced', node, fate: 'torn' }],
    deadly: true,
    repair: ['process/start'],
  },
  eio: {
    needs: MAY_CRASH,
    uses: ['disk/eio'],
    harm: (node, { eio }) => [{ kind: 'disk/eio', node, probability: eio }],
    deadly: false,
    repair: ['disk/heal', 'process/start'],
  },
  enospc: {
    needs: MAY_CRASH,
    uses: ['disk/enospc'],
    harm: (node) => [{ kind: 'disk/enospc', node }],
    deadly: false,
    repair: ['disk/heal', 'process/start'],
  },
  slow: {
    needs: { ...BENIGN, timing: 'partially-synchronous' },
    uses: ['disk/slow'],
    harm: (node, { slow }) => [{ kind: 'disk/slow', node, fsync: slow }],
    deadly: false,
    repair: ['disk/heal'],
  },
  'bit-flip': {
    needs: { ...BENIGN, nodes: 'byzantine' },
    uses: ['process/kill', 'disk/bit-flip'],
    harm: (node) => [
      { kind: 'process/kill', node },
      { kind: 'disk/bit-flip', node, file: '' },
    ],
    deadly: true,
    repair: ['process/start'],
  },
};

const parameters = {
  kinds: {
    type: 'choices',
    of: Object.keys(TROUBLES),
    default: Object.keys(TROUBLES).filter((kind) => kind !== 'bit-flip'),
    about:
      'a power loss that takes what was not synced, whole or from some write on; one that tears a write; errors; a ' +
      'full disk; slow syncs; a flipped bit of synced data, found at the restart that follows',
  },
  targets: { type: 'choices', of: TARGETS, default: TARGETS, about: 'whose disks' },
  ...PACE,
  eio: { type: 'probability', default: 0.2, about: 'probability that a write or sync fails' },
  slow: { type: 'duration', default: 100 * MILLISECOND, about: 'how much longer a sync takes' },
} as const satisfies Parameters;

/**
 * Takes from nodes what a disk may take. Stable storage, on which the crash-recovery model rests, holds what was synced
 * and nothing else: power loss and torn writes are within it, and so is a process that dies of an error or a full disk
 * and comes back. A flipped bit in synced data breaks stable storage: the node may then contradict itself, so only a
 * model with byzantine nodes permits it, and it is not among the defaults. A slow disk is a slow node.
 */
export const disk = episodic({
  name: 'disk',
  about: 'loses unsynced data, tears writes, fails, fills up, slows down or corrupts disks',
  parameters,
  permits: ({ kinds }) => kinds.map((kind) => TROUBLES[kind]!.needs).reduce(wilder, BENIGN),
  uses: ({ kinds }) => kinds.flatMap((kind) => [...TROUBLES[kind]!.uses, ...TROUBLES[kind]!.repair]),
  episodes({ mayFail: nodes, primaries, random }, { kinds, targets, duration, eio, slow }) {
    const possible = feasible(targets, nodes.length, nodesForTarget, 'nemesis disk: targets');
    const usable = feasible(kinds, nodes.length, () => 1, 'nemesis disk: kinds');
    const processes = trackProcesses();
    return {
      observe: processes.observe,
      *episode() {
        const { harm, deadly, repair } = TROUBLES[random.pick(usable)]!;
        const up = nodes.filter(processes.isUp);
        const hit: NodeId[] = [];
        for (const node of drawTargets(random.pick(possible), nodes.length, up, primaries(), random)) {
          if (!processes.isUp(node)) continue;
          hit.push(node);
          yield* harm(node, { eio, slow }, random);
        }
        yield { wait: around(random, duration) };
        for (const node of hit) {
          for (const kind of repair) {
            // A process that died of an error is started again, but not one that another nemesis has ended since.
            if (kind === 'process/start' && !deadly && !processes.isUp(node)) continue;
            yield { kind, node };
          }
        }
      },
    };
  },
});
