import { readdirSync, readFileSync } from 'node:fs';

/** The processes whose environment holds these marks. Whoever is root sees all. */
export function processesMarked(...marks: readonly string[]): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const environment = read(`/proc/${pid}/environ`)?.split('\0');
      return environment !== undefined && marks.every((mark) => environment.includes(mark));
    });
}

/** What a process has used: CPU time (s) and memory that is in RAM (bytes); null when it is gone. */
export function usageOf(pid: number): { readonly cpu: number; readonly memory: number } | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // Fields 14, 15 and 24 of proc(5); clock ticks are 10 ms and pages 4 KiB on every Linux that Node runs on.
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { cpu: ticks / 100, memory: Number(fields[21]) * 4096 };
}

/** `etcd (7312)`, and `, which waits for the kernel` where no signal reaches it yet; null when it is gone, or only waits to be noticed. */
export function describeProcess(pid: number): string | null {
  const [, name, state] = /\((.*)\) (\S)/s.exec(read(`/proc/${pid}/stat`) ?? '') ?? [];
  if (state === undefined || state === 'Z' || state === 'X') return null;
  return `${name} (${pid})${state === 'D' ? ', which waits for the kernel' : ''}`;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}
