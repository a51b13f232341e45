import { resetClock, stepClock, strobeClock } from '../faults/clock.ts';
import { HEALTHY_DISK } from '../faults/disk.ts';
import type { Fault, NodeId } from '../faults/fault.ts';
import { newLiar } from '../faults/lie.ts';
import type { Nanos } from '../world/nanos.ts';
import type { Artifacts, World } from '../world/world.ts';
import { WAKE } from './event-queue.ts';
import { enterSimulation, leaveSimulation } from './guard.ts';
import type { SimNode } from './node.ts';
import { type Alarm, type SimOptions, Simulation } from './simulation.ts';

export type { SimOptions } from './simulation.ts';

/** Events between two breaths of the process that hosts the simulation (signals, progress bars). */
const EVENTS_A_BREATH = 100_000;

// The real ones: while a simulation runs, the globals throw.
const setHostImmediate = setImmediate;
const nextTick = process.nextTick.bind(process);

/** A world in which time is a number and everything follows from the seed. */
export function simWorld(options: SimOptions): World {
  const sim = new Simulation(options);
  const node = (id: NodeId): SimNode => {
    const index = sim.indexOf.get(id);
    if (index === undefined)
      throw new Error(`no node "${id}" in this simulation; it has ${sim.nodeIds.join(', ')}`);
    return sim.nodes[index]!;
  };
  return {
    kind: 'sim',
    nodes: sim.nodeIds,
    can: () => true,
    now: () => sim.now,
    after(delay: Nanos, wake: () => void) {
      const alarm: Alarm = { wake };
      sim.queue.push(sim.now + delay, WAKE, 0, 0, alarm);
      return () => {
        alarm.wake = null;
      };
    },
    client: (process) => options.deployment.client(sim.newClient(process)),
    primaries: () => sim.nodes.filter((n) => n.process?.program.leads?.() ?? false).map((n) => n.id),
    async inject(fault) {
      sim.coverage?.noteFault(fault);
      return perform(sim, node, fault);
    },
    async healAll() {
      sim.coverage?.noteHealing();
      healAll(sim);
    },
    async start() {
      for (const n of sim.nodes) sim.start(n);
    },
    async stop(): Promise<Artifacts> {
      const { sent, lost } = sim.network;
      const syncs = sim.nodes.reduce((sum, n) => sum + n.disk.syncs, 0);
      const counts = { events: sim.events, sent, lost, syncs, crashes: sim.crashes, nanos: sim.now };
      return { trace: sim.trace, counts, features: sim.coverage?.features };
    },
    run: (body) => runSimulation(sim, body),
  };
}

/** Performs one event after another until what `body` promises has settled. */
async function runSimulation<T>(sim: Simulation, body: () => Promise<T>): Promise<T> {
  let settled = false;
  enterSimulation();
  try {
    const result = body().finally(() => {
      settled = true;
    });
    // Whoever awaits the result sees a rejection; this only keeps it from being reported as unhandled meanwhile.
    result.catch(() => {});
    await microtasks();
    let breath = 0;
    while (!settled) {
      if (!sim.step())
        throw new Error('the simulation has stalled: nothing is left to happen, yet the test is not done');
      if (sim.unsettled) {
        sim.unsettled = false;
        await microtasks();
      }
      if (++breath === EVENTS_A_BREATH) {
        breath = 0;
        leaveSimulation();
        await new Promise<void>((resolve) => setHostImmediate(resolve));
        enterSimulation();
      }
    }
    return await result;
  } finally {
    leaveSimulation();
  }
}

/**
 * Waits until no microtask is left: Node runs a tick only once that queue is empty, and lets no timer or I/O of the
 * host come between. Much cheaper than `setImmediate`.
 */
function microtasks(): Promise<void> {
  return new Promise((resolve) => nextTick(resolve));
}

/** What each fault does here; the answer says what came of it. */
function perform(sim: Simulation, node: (id: NodeId) => SimNode, fault: Fault): unknown {
  switch (fault.kind) {
    case 'network/cut':
      return sim.network.cut(fault.grudge, fault.mode);
    case 'network/heal':
      return sim.network.heal(fault.grudge);
    case 'network/shape':
      return sim.network.shape(fault.links, fault.policy);
    case 'network/unshape':
      return sim.unshape(fault.links);
    case 'clock/step': {
      const n = node(fault.node);
      n.clock = stepClock(n.clock, sim.now, fault.by);
      return;
    }
    case 'clock/drift':
      return sim.drift(node(fault.node), fault.ppm);
    case 'clock/strobe': {
      const n = node(fault.node);
      n.clock = strobeClock(n.clock, sim.now, fault.by, fault.period, fault.lasts);
      return;
    }
    case 'clock/reset':
      return setTrueClock(sim, node(fault.node));
    case 'process/kill': {
      const n = node(fault.node);
      n.gone ||= fault.forever === true;
      return sim.kill(n, true) ? 'killed' : 'was dead';
    }
    case 'process/start':
      return sim.start(node(fault.node)) ? 'started' : 'was alive';
    case 'process/pause': {
      const n = node(fault.node);
      if (n.process === null) return 'was dead';
      n.paused = true;
      return 'paused';
    }
    case 'process/resume':
      return sim.resume(node(fault.node)) ? 'resumed' : 'was not paused';
    case 'process/lie': {
      const { lies, share } = fault;
      const n = node(fault.node);
      n.liar = { policy: { lies, share }, state: n.liar?.state ?? newLiar() };
      return;
    }
    case 'process/honest':
      node(fault.node).liar = null;
      return;
    case 'disk/lose-unsynced': {
      const n = node(fault.node);
      sim.kill(n, false);
      return n.disk.losePower(fault.fate);
    }
    case 'disk/bit-flip':
      return node(fault.node).disk.flipBit(fault.file) ?? 'no such file';
    case 'disk/eio':
      return changeDisk(node(fault.node), { eio: fault.probability });
    case 'disk/enospc':
      return changeDisk(node(fault.node), { full: true });
    case 'disk/slow':
      return changeDisk(node(fault.node), { slow: fault.fsync });
    case 'disk/heal':
      return changeDisk(node(fault.node), HEALTHY_DISK);
  }
}

function changeDisk(node: SimNode, change: Partial<SimNode['disk']['policy']>): void {
  node.disk.policy = { ...node.disk.policy, ...change };
}

function setTrueClock(sim: Simulation, node: SimNode): void {
  sim.drift(node, 0);
  node.clock = resetClock(node.clock, sim.now, sim.epoch);
}

function healAll(sim: Simulation): void {
  sim.network.heal();
  sim.unshape();
  for (const n of sim.nodes) {
    setTrueClock(sim, n);
    n.disk.policy = HEALTHY_DISK;
    n.liar = null;
    sim.resume(n);
    sim.start(n);
  }
}
