import { readdirSync, readFileSync } from 'node:fs';

/** How long a process may take to stop, ms; a machine that is this busy is tried again later. */
const PATIENCE = 100;

const STOPPED = 'TtXZ';

/** SIGSTOP, 19, in a mask of signals. */
const SIGSTOP_BIT = 1n << 18n;

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
  if (frozen) return withCounters(pid, body);
  if (isBeingStopped(pid)) return hasStopped(pid) && withCounters(pid, body);
  try {
    process.kill(pid, 'SIGSTOP');
  } catch {
    return false;
  }
  try {
    return hasStopped(pid) && withCounters(pid, body);
  } finally {
    try {
      process.kill(pid, 'SIGCONT');
    } catch {
      // It ended meanwhile.
    }
  }
}

/** Waits until each thread has stopped; false when that takes too long. */
function hasStopped(pid: number): boolean {
  const deadline = Date.now() + PATIENCE;
  while (!statesOf(pid).every((state) => STOPPED.includes(state))) {
    if (Date.now() > deadline) return false;
    Atomics.wait(asleep, 0, 0, 0.2);
  }
  return true;
}

/** Whether somebody else has stopped it: a SIGSTOP waits, or has reached a thread. */
function isBeingStopped(pid: number): boolean {
  const pending = /^ShdPnd:\s*([0-9a-f]+)$/m.exec(textOf(`/proc/${pid}/status`) ?? '');
  return (
    (pending !== null && (BigInt(`0x${pending[1]}`) & SIGSTOP_BIT) !== 0n) ||
    statesOf(pid).some((state) => 'Tt'.includes(state))
  );
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

/** The state of each thread, as proc(5) has it: T stopped by a signal, t by a debugger, Z and X dead. */
function statesOf(pid: number): string[] {
  return threadsOf(pid).flatMap((thread) => {
    const stat = textOf(`/proc/${pid}/task/${thread}/stat`);
    // The name before it may contain anything, also parentheses.
    return stat === null ? [] : [stat[stat.lastIndexOf(')') + 2]!];
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
