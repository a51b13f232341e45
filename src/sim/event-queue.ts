/** What kinds of events there are; see `Loop` for what each does. */
export const DELIVER = 0;
export const REQUEST = 1;
export const ANSWER = 2;
export const TIMER = 3;
export const SYNCED = 4;
export const WAKE = 5;

/**
 * Future events, ordered by (time, order of pushing): a binary heap of slots in typed arrays, so that an event costs no
 * allocation. `pop` copies the first event into the public fields.
 */
export class EventQueue {
  /** The popped event. */
  time = 0;
  kind = 0;
  /** Two numbers whose meaning depends on the kind. */
  a = 0;
  b = 0;
  payload: unknown = undefined;

  size = 0;
  private pushed = 0;
  private heap = new Int32Array(1024);
  private times = new Float64Array(1024);
  private orders = new Float64Array(1024);
  private kinds = new Uint8Array(1024);
  private as = new Int32Array(1024);
  private bs = new Int32Array(1024);
  private readonly payloads: unknown[] = new Array(1024).fill(undefined);
  private free = Int32Array.from({ length: 1024 }, (_, i) => i);

  push(time: number, kind: number, a: number, b: number, payload: unknown): void {
    if (this.size === this.heap.length) this.grow();
    const slot = this.free[this.size]!;
    this.times[slot] = time;
    this.orders[slot] = this.pushed++;
    this.kinds[slot] = kind;
    this.as[slot] = a;
    this.bs[slot] = b;
    this.payloads[slot] = payload;
    this.siftUp(this.size++, slot);
  }

  /** Takes the first event; false when there is none. */
  pop(): boolean {
    if (this.size === 0) return false;
    const slot = this.heap[0]!;
    this.time = this.times[slot]!;
    this.kind = this.kinds[slot]!;
    this.a = this.as[slot]!;
    this.b = this.bs[slot]!;
    this.payload = this.payloads[slot];
    this.payloads[slot] = undefined;
    this.size--;
    this.free[this.size] = slot;
    if (this.size > 0) this.siftDown(this.heap[this.size]!);
    return true;
  }

  /**
   * Lets events happen by the time that `by` gives for their kind and numbers, if it gives one; those that then happen
   * together in the order in which they were pushed.
   */
  hasten(by: (kind: number, a: number, b: number) => number | undefined): void {
    const { heap, times, kinds, as, bs, size } = this;
    for (let i = 0; i < size; i++) {
      const slot = heap[i]!;
      const time = by(kinds[slot]!, as[slot]!, bs[slot]!);
      if (time !== undefined && times[slot]! > time) times[slot] = time;
    }
    for (let i = (size >> 1) - 1; i >= 0; i--) this.siftDown(heap[i]!, i);
  }

  private siftUp(hole: number, slot: number): void {
    const { heap, times, orders } = this;
    const time = times[slot]!;
    let at = hole;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent]!;
      const t = times[above]!;
      // The slot is the newest of all, so on equal times it stays below.
      if (t < time || (t === time && orders[above]! < orders[slot]!)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = slot;
  }

  private siftDown(slot: number, hole = 0): void {
    const { heap, times, orders, size } = this;
    const time = times[slot]!;
    const order = orders[slot]!;
    let at = hole;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      let below = heap[child]!;
      let t = times[below]!;
      if (child + 1 < size) {
        const right = heap[child + 1]!;
        const tr = times[right]!;
        if (tr < t || (tr === t && orders[right]! < orders[below]!)) {
          child++;
          below = right;
          t = tr;
        }
      }
      if (time < t || (time === t && order < orders[below]!)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = slot;
  }

  private grow(): void {
    const from = this.heap.length;
    const to = from * 2;
    this.heap = enlarged(this.heap, new Int32Array(to));
    this.times = enlarged(this.times, new Float64Array(to));
    this.orders = enlarged(this.orders, new Float64Array(to));
    this.kinds = enlarged(this.kinds, new Uint8Array(to));
    this.as = enlarged(this.as, new Int32Array(to));
    this.bs = enlarged(this.bs, new Int32Array(to));
    this.free = enlarged(this.free, new Int32Array(to));
    for (let slot = from; slot < to; slot++) {
      this.free[slot] = slot;
      this.payloads.push(undefined);
    }
  }
}

function enlarged<A extends { set(from: A): void }>(from: A, to: A): A {
  to.set(from);
  return to;
}
