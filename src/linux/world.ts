import { isMainThread } from 'node:worker_threads';
import type { FaultKind } from '../faults/fault.ts';
import { UsageError } from '../world/usage-error.ts';
import type { Cancel, World } from '../world/world.ts';
import { clockSupport } from './clock/support.ts';
import { diskSupport } from './disk/support.ts';
import { claimLease, MOST_NODES } from './lease.ts';
import { installedVersion, npmInstall } from './npm-packages.ts';
import { healAll, perform } from './perform.ts';
import { findProgram } from './programs.ts';
import { type LinuxOptions, LinuxRun } from './run.ts';
import { linuxSupport } from './support.ts';
import { undoOwn } from './undo.ts';

export type { LinuxOptions } from './run.ts';

/**
 * Real servers on this machine, each node in a network namespace of its own. Throws a `UsageError` when the machine lacks
 * something, with what would help. Until `stop` the machine holds things of this run; `undo` finds all of them.
 */
export async function linuxWorld(options: LinuxOptions): Promise<World> {
  const { deployment, nodes, timeout, random, signal } = options;
  refuseMachine(options);
  const clocks = await clockSupport();
  if (isMainThread) process.once('exit', undoOwn);
  const run = new LinuxRun(claimLease(), options);
  const timers = new Set<Cancel>();
  return {
    kind: 'linux',
    nodes,
    can: (fault) => whyNot(fault, clocks, options),
    now: () => run.now(),
    after(delay, wake) {
      // A timer of Node waits whole milliseconds, and may be early by less than one.
      const timer = setTimeout(
        () => {
          timers.delete(cancel);
          wake();
        },
        Math.ceil(delay / 1e6),
      );
      const cancel = () => {
        clearTimeout(timer);
        timers.delete(cancel);
      };
      timers.add(cancel);
      return cancel;
    },
    client: (process) =>
      deployment.newClient({
        process,
        nodes: run.cluster.nodes,
        random: random.fork(`client/${process}`),
        timeout,
      }),
    primaries: () => run.leaders(),
    inject: (fault) => perform(run, fault),
    healAll: () => healAll(run),
    start: () => run.start(),
    async stop() {
      for (const cancel of timers) cancel();
      const counts = await run.stop();
      return { trace: run.trace, counts };
    },
    observe: (listener) => run.observe(listener),
    run: (body) => Promise.race([body(), run.failure, aborted(signal)]),
  };
}

function refuseMachine({ system, deployment, nodes }: LinuxOptions): void {
  const support = linuxSupport();
  if (support !== true) throw new UsageError(`the linux world: ${support}`);
  if (nodes.length > MOST_NODES)
    throw new UsageError(`the linux world has room for ${MOST_NODES} nodes, not for ${nodes.length}`);
  const missing = deployment.requires.filter(({ binary }) => findProgram(binary) === null);
  if (missing.length > 0) {
    const list = missing.map(({ binary, package: name }) => `${binary} (Debian package ${name})`).join(', ');
    throw new UsageError(`not on this machine: ${list}; momus doctor --install brings it`);
  }
  const absent = (deployment.npm ?? []).filter((one) => installedVersion(one) === null);
  if (absent.length > 0) {
    const list = absent.map(({ name }) => name).join(', ');
    throw new UsageError(
      `${system} needs the npm package${absent.length > 1 ? 's' : ''} ${list}: ${npmInstall(absent)}`,
    );
  }
}

function whyNot(
  fault: FaultKind,
  clocks: Awaited<ReturnType<typeof clockSupport>>,
  { plainDisks, deployment }: LinuxOptions,
): true | string {
  if (fault.startsWith('clock/') && typeof clocks === 'string') return clocks;
  if (fault.startsWith('disk/'))
    return plainDisks ? '--disk plain leaves the data on the disk of the machine' : diskSupport();
  if ((fault === 'process/lie' || fault === 'process/honest') && deployment.lie === undefined)
    return 'real servers do not lie at a command; node programs do';
  return true;
}

/** Rejects once the run is to end before its time; never resolves. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new Error('the run was stopped'));
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
}
