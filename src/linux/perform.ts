import type { Fault } from '../faults/fault.ts';
import type { LinuxRun } from './run.ts';

/** What each fault does here; the answer says what came of it. */
export async function perform(run: LinuxRun, fault: Fault): Promise<unknown> {
  switch (fault.kind) {
    case 'network/cut':
    case 'network/heal':
    case 'network/shape':
    case 'network/unshape':
      return run.network.inject(fault);
    case 'clock/step':
      return run.clock(fault.node).step(fault.by);
    case 'clock/drift':
      return run.clock(fault.node).drift(fault.ppm);
    case 'clock/strobe':
      return run.clock(fault.node).strobe(fault.by, fault.period, fault.lasts);
    case 'clock/reset':
      return run.clock(fault.node).reset();
    case 'process/kill': {
      run.cluster.node(fault.node).gone ||= fault.forever === true;
      return (await run.cluster.kill(fault.node)) ? 'killed' : 'was dead';
    }
    case 'process/start': {
      const node = run.cluster.node(fault.node);
      if (node.gone) return 'is gone for ever';
      if (node.processes.alive) return 'was alive';
      await run.cluster.start(fault.node);
      return 'started';
    }
    case 'process/pause': {
      const { processes } = run.cluster.node(fault.node);
      if (!processes.alive) return 'was dead';
      await processes.pause();
      return 'paused';
    }
    case 'process/lie':
      return run.lie(fault.node, { lies: fault.lies, share: fault.share });
    case 'process/honest':
      return run.lie(fault.node, null);
    case 'process/resume':
      return (await run.cluster.node(fault.node).processes.resume()) ? 'resumed' : 'was not paused';
    case 'disk/lose-unsynced': {
      // Processes that wait for the disk end only once its power is gone.
      const killed = run.cluster.kill(fault.node);
      const [loss] = await Promise.all([run.disk(fault.node).losePower(fault.fate), killed]);
      return loss;
    }
    case 'disk/bit-flip':
      return (await run.disk(fault.node).flipBit(fault.file)) ?? 'no such file';
    case 'disk/eio':
      return run.disk(fault.node).change({ eio: fault.probability });
    case 'disk/enospc':
      return run.disk(fault.node).change({ full: true });
    case 'disk/slow':
      return run.disk(fault.node).change({ slow: fault.fsync });
    case 'disk/heal':
      return run.disk(fault.node).heal();
  }
}

/** Undoes every fault. What does not come back by itself is told, and is no failure of the run. */
export async function healAll(run: LinuxRun): Promise<void> {
  run.network.heal();
  for (const clock of run.clocks.values()) clock.reset();
  for (const disk of run.disks.values()) await disk.heal();
  for (const { processes } of run.cluster.all()) await processes.resume();
  await run.stopLies();
  for (const [node, why] of await run.cluster.recover())
    run.report({ f: 'process/not-ready', node: node === '' ? undefined : node, value: why });
}
