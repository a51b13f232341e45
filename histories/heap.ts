import { getHeapStatistics } from 'node:v8';

/** The part of the heap that a history may take: whoever checks it needs more than that again. */
const MOST = 0.4;

/** Whether values read so far take as much of this process's memory as they may. */
export function heapIsFull(): boolean {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used > MOST * limit;
}
