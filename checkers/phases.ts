import type { Nanos } from '../histories/op.ts';
import type { FaultSpan } from './fault-spans.ts';

/** A stretch of time in which the same kinds of faults were at work. */
export interface Phase {
  /** Sorted; empty when all was well. */
  readonly faults: readonly string[];
  readonly begin: Nanos;
  readonly end: Nanos;
}

/** The phases of a run from `begin` to `end`, one after another without gaps; none is empty of time but a last one. */
export function phasesOf(spans: readonly FaultSpan[], begin: Nanos, end: Nanos): Phase[] {
  const changes: { readonly time: Nanos; readonly kind: string; readonly by: 1 | -1 }[] = [];
  for (const span of spans) {
    changes.push({ time: span.begin, kind: span.kind, by: 1 });
    if (span.end <= end) changes.push({ time: span.end, kind: span.kind, by: -1 });
  }
  changes.sort((a, b) => a.time - b.time);
  const active = new Map<string, number>();
  const phases: Phase[] = [];
  let since = begin;
  let faults: readonly string[] = [];
  changes.forEach(({ time, kind, by }, i) => {
    active.set(kind, (active.get(kind) ?? 0) + by);
    if (changes[i + 1]?.time === time) return;
    const now = [...active.keys()].filter((k) => active.get(k)! > 0).sort();
    if (now.join() === faults.join()) return;
    if (time > since) phases.push({ faults, begin: since, end: time });
    since = Math.max(since, time);
    faults = now;
  });
  if (end > since || phases.length === 0) phases.push({ faults, begin: since, end });
  return phases;
}

/** Finds the phase of a time; a time before the first is in the first, one after the last in the last. */
export function phaseAt(phases: readonly Phase[], time: Nanos): number {
  let low = 0;
  let high = phases.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (phases[middle]!.begin <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}
