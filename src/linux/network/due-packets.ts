/** A packet on its way. */
export interface DuePacket {
  readonly at: number;
  /** Link that it is on. */
  readonly link: number;
  /** Host that it goes to. */
  readonly to: number;
  readonly bytes: Uint8Array;
}

type Entry = DuePacket & { readonly order: number };

/** Packets by the time at which they arrive; of those that arrive together the one that was added first. */
export class DuePackets {
  private readonly heap: Entry[] = [];
  private added = 0;

  get size(): number {
    return this.heap.length;
  }

  /** When the next one arrives; infinite when there is none. */
  get next(): number {
    return this.heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  add(packet: DuePacket): void {
    this.insert({ ...packet, order: this.added++ });
  }

  /** Lets what is on a link arrive by the time that is given for it, if one is, in the order in which it was added. */
  hasten(by: ReadonlyMap<number, number>): void {
    for (const entry of this.heap.splice(0)) {
      const at = by.get(entry.link);
      this.insert(at !== undefined && entry.at > at ? { ...entry, at } : entry);
    }
  }

  private insert(entry: Entry): void {
    const { heap } = this;
    let i = heap.length;
    heap.push(entry);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = entry;
  }

  /** Takes the next one out. */
  take(): DuePacket {
    const { heap } = this;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return first;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
