import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeProcess, processesMarked } from './process-table.ts';

/** All processes of a node, also those that its processes start. */
export interface NodeGroup {
  /** A command line that joins the group and becomes `command`; its pid is that of the command. */
  joining(command: readonly string[]): readonly string[];
  pids(): number[];
  /** Stops every process where it stands; resolves when all stand still, and rejects if some won't for long. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Ends every process at once (SIGKILL), frozen or not; resolves when none is left, and rejects if some won't go for long. */
  kill(): Promise<void>;
  /** Lets go of the empty group. */
  remove(): void;
}

/** How often a change that takes a moment is looked for (ms). */
const LOOK_EVERY = 2;

/** How long processes may take to heed, ms. Who waits for the kernel, and that for a disk, heeds nothing until then. */
const PATIENCE = 10_000;

/** A group that nothing leaves: a control group of version 2 (Linux 5.14, for `cgroup.kill`). */
export function controlGroup(path: string): NodeGroup {
  mkdirSync(path, { recursive: true });
  const file = (name: string) => join(path, name);
  const pids = () => readFileSync(file('cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  const state = async (line: string, what: string): Promise<void> => {
    const deadline = Date.now() + PATIENCE;
    while (!readFileSync(file('cgroup.events'), 'utf8').includes(line)) {
      if (Date.now() > deadline) throw defiance(what, pids());
      await sleep(LOOK_EVERY);
    }
  };
  return {
    joining: (command) => ['sh', '-c', 'echo $$ > "$0" && exec "$@"', file('cgroup.procs'), ...command],
    pids,
    async freeze() {
      writeFileSync(file('cgroup.freeze'), '1');
      await state('frozen 1', 'stand still');
    },
    async thaw() {
      writeFileSync(file('cgroup.freeze'), '0');
      await state('frozen 0', 'go on');
    },
    async kill() {
      writeFileSync(file('cgroup.kill'), '1');
      await state('populated 0', 'end');
      // A frozen group stays frozen, and would freeze whoever joins it.
      writeFileSync(file('cgroup.freeze'), '0');
    },
    remove: () => rmdirSync(path),
  };
}

/**
 * The same by signals, where there are no control groups: whoever bears the marks in its environment. A process that
 * clears its environment escapes, and new ones are born between two looks, so it looks until there is nothing new.
 */
export function markedGroup(marks: readonly string[]): NodeGroup {
  const pids = () => processesMarked(...marks);
  const signal = (signals: NodeJS.Signals, to: readonly number[]) => {
    for (const pid of to) {
      try {
        process.kill(pid, signals);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  };
  return {
    joining: (command) => command,
    pids,
    async freeze() {
      const frozen = new Set<number>();
      for (const deadline = Date.now() + PATIENCE; ; ) {
        const more = pids().filter((pid) => !frozen.has(pid));
        if (more.length === 0) return;
        signal('SIGSTOP', more);
        for (const pid of more) frozen.add(pid);
        if (Date.now() > deadline) throw defiance('stand still', more);
        await sleep(LOOK_EVERY);
      }
    },
    async thaw() {
      signal('SIGCONT', pids());
    },
    async kill() {
      const deadline = Date.now() + PATIENCE;
      for (let left = pids(); left.length > 0; left = pids()) {
        if (Date.now() > deadline) throw defiance('end', left);
        signal('SIGKILL', left);
        await sleep(LOOK_EVERY);
      }
    },
    remove() {},
  };
}

function defiance(what: string, pids: readonly number[]): Error {
  const who = pids.flatMap((pid) => describeProcess(pid) ?? []).join(', ');
  return new Error(`told to ${what}, these processes have not for ${PATIENCE / 1e3} s: ${who}`);
}
