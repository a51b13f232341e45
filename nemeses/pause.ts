import type { Parameters } from '../src/world/parameters.ts';
import { BENIGN } from '../src/world/system-model.ts';
import { episodic } from './episodes.ts';
import { around, PACE } from './pace.ts';
import { trackProcesses } from './processes.ts';
import { drawTargets, feasible, nodesForTarget, TARGETS } from './targets.ts';

const parameters = {
  targets: { type: 'choices', of: TARGETS, default: TARGETS, about: 'whom to pause' },
  ...PACE,
} as const satisfies Parameters;

/**
 * Stops processes and lets them go on (SIGSTOP, SIGCONT), as a long garbage collection or a suspended virtual machine
 * does. The process doesn't notice: what it believed before, that it leads or holds a lease, it still believes. Steps
 * without a bound on their time break synchrony; every pause ends, so from some time on the bound holds, which is
 * partial synchrony (Dwork, Lynch, Stockmeyer 1988).
 */
export const pause = episodic({
  name: 'pause',
  about: 'stops processes for a while without their noticing',
  parameters,
  permits: () => ({ ...BENIGN, timing: 'partially-synchronous' }),
  uses: () => ['process/pause', 'process/resume'],
  episodes({ mayFail: nodes, primaries, random }, { targets, duration }) {
    const possible = feasible(targets, nodes.length, nodesForTarget, 'nemesis pause: targets');
    const processes = trackProcesses();
    return {
      observe: processes.observe,
      *episode() {
        const up = nodes.filter(processes.isUp);
        const hit = drawTargets(random.pick(possible), nodes.length, up, primaries(), random);
        for (const node of hit) yield { kind: 'process/pause', node };
        yield { wait: around(random, duration) };
        for (const node of hit) yield { kind: 'process/resume', node };
      },
    };
  },
});
