import { appendFileSync } from 'node:fs';
import type { NodeId } from '../faults/fault.ts';
import type { Nanos } from '../world/nanos.ts';
import { usageOf } from './process/process-table.ts';
import type { ServerCluster } from './server-cluster.ts';

/** Does something again and again; returns how to end it. A round that takes longer than the interval delays the next. */
export function every(milliseconds: number, act: () => void | Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const round = async () => {
    await act();
    if (!ended) timer = setTimeout(round, milliseconds);
  };
  timer = setTimeout(round, milliseconds);
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

const LAG_LOOK = 50;
/** A controller that is this late may have measured its own stall (ms). */
const LAG_LIMIT = 100;

/** Tells `report` of each time in which this very thread did nothing, so that it is not taken for the system's silence. */
export function watchLag(
  now: () => Nanos,
  report: (stall: { from: Nanos; lasted: Nanos }) => void,
): () => void {
  let last = now();
  return every(LAG_LOOK, () => {
    const time = now();
    const lasted = time - last - LAG_LOOK * 1e6;
    if (lasted > LAG_LIMIT * 1e6) report({ from: last, lasted });
    last = time;
  });
}

/** Writes what each node uses to a file, a line of JSON each second and node: CPU seconds so far, bytes in RAM. */
export function sampleUsage(cluster: ServerCluster, now: () => Nanos, file: string): () => void {
  return every(1_000, () => {
    const lines = cluster.all().map(({ site, processes }) => {
      const used = processes.pids().map(usageOf);
      const cpu = used.reduce((sum, one) => sum + (one?.cpu ?? 0), 0);
      const memory = used.reduce((sum, one) => sum + (one?.memory ?? 0), 0);
      return `${JSON.stringify({ time: now(), node: site.id, cpu, memory })}\n`;
    });
    // A full disk costs the samples and not the run.
    try {
      appendFileSync(file, lines.join(''));
    } catch {}
  });
}

/** Keeps asking who leads, because a nemesis that wants to know can't wait for an answer. */
export function watchLeaders(cluster: ServerCluster): { readonly now: () => readonly NodeId[]; end(): void } {
  let leaders: readonly NodeId[] = [];
  const end = every(250, async () => {
    leaders = await cluster.leaders();
  });
  return { now: () => leaders, end };
}
