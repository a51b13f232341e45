/** When a value was written: a counter, and who wrote, so that no two writes have the same. */
export interface Timestamp {
  readonly n: number;
  readonly writer: string;
}

export const NEVER: Timestamp = { n: 0, writer: '' };

export function isLater(a: Timestamp, b: Timestamp): boolean {
  return a.n !== b.n ? a.n > b.n : a.writer > b.writer;
}
