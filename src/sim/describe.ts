import { formatDuration } from '../world/nanos.ts';
import type { Answer, Request } from './client.ts';
import { ANSWER, DELIVER, REQUEST, SYNCED, TIMER } from './event-queue.ts';
import type { Simulation } from './simulation.ts';

/** One performed event as a line, the same in every run of the same seed. */
export function describeEvent(sim: Simulation, kind: number, a: number, b: number, payload: unknown): string {
  const at = formatDuration(sim.now);
  const node = sim.nodeIds[a];
  switch (kind) {
    case DELIVER:
      return `${at} ${sim.nodeIds[b]} -> ${node} ${JSON.stringify(payload)}`;
    case REQUEST:
      return `${at} c${b + 1} -> ${node} ${JSON.stringify((payload as Request).query)}`;
    case ANSWER:
      return `${at} -> c${a + 1} ${JSON.stringify(payload as Answer)}`;
    case TIMER:
      return `${at} ${node} timer ${payload}`;
    case SYNCED:
      return `${at} ${node} synced ${payload}`;
    default:
      return `${at} wake`;
  }
}
