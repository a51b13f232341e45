import type { History } from '../histories/history.ts';
import { INVOKE, type Nanos, NEMESIS } from '../histories/op.ts';

/** One fault, from its injection to its repair. */
export interface FaultSpan {
  /** Function of the nemesis: `network/cut`, `process/kill` ... */
  readonly kind: string;
  readonly node: string | undefined;
  /** Index of the nemesis's invocation: the fault may have begun at any time after it. */
  readonly from: number;
  /** Index of the event after which it is surely repaired; the history's length when it never was. */
  readonly to: number;
  readonly begin: Nanos;
  /** Infinite when it never was repaired. */
  readonly end: Nanos;
}

export interface Faults {
  /** In the order of their injection. */
  readonly spans: readonly FaultSpan[];
  /** Of each kind that could not be injected, what the world last said; such an attempt is no span. */
  readonly refused: ReadonlyMap<string, string>;
}

/** What each repair ends. The lower half is Jepsen's vocabulary, where `start` may be both a fault and a repair. */
const REPAIRS: Readonly<Record<string, readonly string[]>> = {
  'network/heal': ['network/cut'],
  'network/unshape': ['network/shape'],
  'clock/reset': ['clock/step', 'clock/drift', 'clock/strobe'],
  'process/start': ['process/kill', 'disk/lose-unsynced'],
  'process/resume': ['process/pause'],
  'process/honest': ['process/lie'],
  'disk/heal': ['disk/eio', 'disk/enospc', 'disk/slow'],
  stop: ['start'],
  start: ['kill'],
  resume: ['pause'],
  reset: ['bump', 'strobe'],
};

/** Faults that are over as soon as they are done, though their harm may last. */
const MOMENTARY = new Set(['disk/bit-flip']);

interface OpenSpan {
  readonly kind: string;
  readonly from: number;
  readonly begin: Nanos;
  readonly value: FaultValue;
}

/** What repairs are matched by, out of the value of a nemesis operation. */
interface FaultValue {
  readonly node?: string;
  readonly grudge?: unknown;
  readonly links?: unknown;
  readonly lasts?: number;
}

/**
 * The faults of a history, read from the nemesis's operations by their names. `heal` ends every fault; a repair that
 * names a node, a grudge or links ends the faults with the same; Jepsen's `stop-x` ends `start-x`. A strobe ends after
 * the time that it says it lasts. A function that is no known repair counts as a fault.
 */
export function faultsOf(history: History): Faults {
  const spans: FaultSpan[] = [];
  const refused = new Map<string, string>();
  let open: OpenSpan[] = [];
  const close = (span: OpenSpan, to: number): void => {
    const { kind, from, begin, value } = span;
    const repaired = to < history.length ? history.time[to]! : Number.POSITIVE_INFINITY;
    const end = Math.min(repaired, begin + (value.lasts ?? Number.POSITIVE_INFINITY));
    spans.push({ kind, node: value.node, from, to, begin, end });
  };
  for (let i = 0; i < history.length; i++) {
    if (history.process[i] !== NEMESIS || history.type[i] !== INVOKE) continue;
    const done = history.pair[i]! < 0 ? history.length : history.pair[i]!;
    const error = done < history.length ? history.error(done) : undefined;
    const f = history.fName(i);
    const value = faultValue(history.value(i));
    if (error !== undefined) {
      if (!isRepair(f, open)) refused.set(f, error);
    } else if (isRepair(f, open)) {
      const ended = open.filter((span) => ends(f, value, span));
      open = open.filter((span) => !ended.includes(span));
      for (const span of ended) close(span, done);
    } else {
      const span = { kind: f, from: i, begin: history.time[i]!, value };
      if (MOMENTARY.has(f)) close(span, done);
      else open.push(span);
    }
  }
  for (const span of open) close(span, history.length);
  return { spans: spans.sort((a, b) => a.from - b.from), refused };
}

function faultValue(value: unknown): FaultValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return value;
}

/** `start` repairs only where something was killed; any other repair is one even when nothing is broken. */
function isRepair(f: string, open: readonly OpenSpan[]): boolean {
  if (f === 'start') return open.some((span) => span.kind === 'kill');
  return f === 'heal' || f in REPAIRS || f.startsWith('stop-');
}

function ends(f: string, repair: FaultValue, { kind, value }: OpenSpan): boolean {
  if (f === 'heal') return true;
  if (f.startsWith('stop-')) return kind === `start-${f.slice('stop-'.length)}`;
  return (
    REPAIRS[f]!.includes(kind) &&
    (repair.node === undefined || repair.node === value.node) &&
    same(repair.grudge, value.grudge) &&
    same(repair.links, value.links)
  );
}

/** Whether a repair that may be of a part is of this part. */
function same(repaired: unknown, broken: unknown): boolean {
  return repaired === undefined || JSON.stringify(repaired) === JSON.stringify(broken);
}
