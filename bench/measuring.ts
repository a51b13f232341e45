/** The words after `npm run bench:checkers --`: of the rows only those that contain one of them are measured. */
const WORDS = process.argv.slice(2);

export function isWanted(row: string): boolean {
  return WORDS.length === 0 || WORDS.some((word) => row.includes(word));
}

/** CPU time in seconds, because other processes may be at work on the machine. */
export async function cpuSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** What a checker took, and what memory the process holds then, for a row. */
export function timed<T>(work: () => T): {
  readonly result: T;
  readonly seconds: number;
  readonly mb: number;
} {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6, mb: Math.round(process.memoryUsage.rss() / 1e6) };
}
