import type { FaultKind, NodeId } from '../src/faults/fault.ts';
import type { Parameters } from '../src/world/parameters.ts';
import { BENIGN } from '../src/world/system-model.ts';
import { UsageError } from '../src/world/usage-error.ts';
import { episodic } from './episodes.ts';
import { around, PACE } from './pace.ts';
import { trackProcesses } from './processes.ts';
import { drawTargets, feasible, minority, nodesForTarget, TARGETS } from './targets.ts';

const parameters = {
  targets: { type: 'choices', of: TARGETS, default: TARGETS, about: 'whom to kill' },
  ...PACE,
  restart: {
    type: 'boolean',
    default: true,
    about: 'whether the dead are started again; if not, no more than a minority ever dies',
  },
} as const satisfies Parameters;

/**
 * Kills processes (SIGKILL: what they wrote to files stays). Those that come back need the crash-recovery model. Those
 * that stay dead need only crash-stop, in which an algorithm may count on a majority that never fails.
 */
export const kill = episodic({
  name: 'kill',
  about: 'kills processes and starts them again, or never',
  parameters,
  permits: ({ restart }) => (restart ? { ...BENIGN, nodes: 'crash-recovery' } : BENIGN),
  uses: ({ restart }): FaultKind[] => (restart ? ['process/kill', 'process/start'] : ['process/kill']),
  episodes({ mayFail: nodes, primaries, random }, { targets, duration, restart }) {
    const choices = restart ? targets : targets.filter((target) => target !== 'majority' && target !== 'all');
    if (choices.length === 0 && targets.length > 0) {
      const asked = `targets=${targets.join('+')} with restart=no`;
      throw new UsageError(
        `nemesis kill: ${asked} would kill a majority for ever; use one, leader or minority`,
      );
    }
    const needs = restart ? nodesForTarget : () => 3;
    const possible = feasible(choices, nodes.length, needs, 'nemesis kill: targets');
    const processes = trackProcesses();
    let mayDie = restart ? Number.POSITIVE_INFINITY : minority(nodes.length);
    return {
      observe: processes.observe,
      *episode() {
        const up = nodes.filter(processes.isUp);
        const drawn = drawTargets(random.pick(possible), nodes.length, up, primaries(), random);
        const victims: NodeId[] = [];
        for (const node of drawn.slice(0, mayDie)) {
          if (!processes.isUp(node)) continue;
          victims.push(node);
          yield restart ? { kind: 'process/kill', node } : { kind: 'process/kill', node, forever: true };
        }
        mayDie -= victims.length;
        yield { wait: around(random, duration) };
        if (restart) for (const node of victims) yield { kind: 'process/start', node };
      },
    };
  },
});
