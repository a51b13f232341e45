import { readdirSync, readFileSync } from 'node:fs';

/** How long a process may take to stop, ms; a machine that is this busy is tried again later. */
const PATIENCE = 100;

const asleep = new Int32Array(new SharedArrayBuffer(4));

/**
 * Stops every thread of a process and tells where each stands; then calls `body`, and lets the process go on unless it
 * was stopped before. `frozen`: its cgroup stands still, so nothing need be stopped. Nothing else of this thread runs
 * meanwhile, so nobody can pause or resume the process in between. False, without calling `body`, when it would not
 * stop in time, or is gone.
 */
export function whileStopped(
  pid: number,
  frozen: boolean,
  body: (programCounters: readonly number[]) => void,
): boolean {
  if (frozen || allStopped(pid)) return withCounters(pid, body);
  try {
    process.kill(pid, 'SIGSTOP');
  } catch {
    return false;
  }
  try {
    const deadline = Date.now() + PATIENCE;
    while (!allStopped(pid)) {
      if (Date.now() > deadline) return false;
      Atomics.wait(asleep, 0, 0, 0.2);
    }
    return withCounters(pid, body);
  } finally {
    try {
      process.kill(pid, 'SIGCONT');
    } catch {
      // It ended meanwhile.
    }
  }
}

function withCounters(pid: number, body: (programCounters: readonly number[]) => void): boolean {
  const counters = threadsOf(pid).map((thread) => programCounter(pid, thread));
  if (counters.length === 0 || counters.includes(null)) return false;
  body(counters as number[]);
  return true;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Whether each thread is stopped, by a signal (T) or a debugger (t), or dead. */
function allStopped(pid: number): boolean {
  return threadsOf(pid).every((thread) => {
    const stat = textOf(`/proc/${pid}/task/${thread}/stat`);
    // The name before it may contain anything, also parentheses.
    return stat === null || 'TtXZ'.includes(stat[stat.lastIndexOf(')') + 2]!);
  });
}

/** Where a thread stands in its program; null when it runs. The last field of proc(5)'s `syscall`. */
function programCounter(pid: number, thread: string): number | null {
  const text = textOf(`/proc/${pid}/task/${thread}/syscall`);
  if (text === null) return 0;
  return text.startsWith('running') ? null : Number(text.trim().split(' ').at(-1));
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
