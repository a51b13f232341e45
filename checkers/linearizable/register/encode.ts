import type { History } from '../../../histories/history.ts';
import { FAIL, type Key, OK } from '../../../histories/op.ts';
import { MalformedOp, malformed } from '../../malformed.ts';
import { Interner } from '../intern.ts';
import { type Intervals, NEVER, type ObjectRange } from '../intervals.ts';

export const READ = 0;
export const WRITE = 1;
export const CAS = 2;
/** A compare-and-set that found another value than the one it expected. */
export const FAILED_CAS = 3;

const FUNCTIONS = ['read', 'write', 'cas'];

/** The id of the value that a register holds at first. */
export const INITIAL = 0;

/**
 * The operations on one register that say anything, in the order of their invocations. Reads without a
 * result, writes without effect and the like are left out; a successful compare-and-set of a value to itself
 * is a read.
 */
export interface RegisterOperations {
  readonly key: Key | undefined;
  readonly kind: Uint8Array;
  /** Id of the value read, written or expected. */
  readonly value: Int32Array;
  /** Id of the value that a compare-and-set installs. */
  readonly next: Int32Array;
  /** Event index of the invocation. */
  readonly call: Int32Array;
  /** Event index of the completion, or `NEVER`. */
  readonly ret: Int32Array;
}

/** All registers of a history. Each is a window on common columns, opened when it is asked for: there may be millions. */
export class Registers {
  /** What the ids of values stand for. */
  readonly values: readonly unknown[];
  private readonly columns: Omit<RegisterOperations, 'key'>;
  private readonly objects: readonly ObjectRange[];
  /** Register `n` has the rows from `start[n]` to before `start[n + 1]`. */
  private readonly start: Int32Array;

  constructor(
    columns: Omit<RegisterOperations, 'key'>,
    objects: readonly ObjectRange[],
    start: Int32Array,
    values: readonly unknown[],
  ) {
    this.columns = columns;
    this.objects = objects;
    this.start = start;
    this.values = values;
  }

  get count(): number {
    return this.objects.length;
  }

  /** How many operations the largest register has. */
  get largest(): number {
    let most = 0;
    for (let n = 0; n < this.count; n++) most = Math.max(most, this.start[n + 1]! - this.start[n]!);
    return most;
  }

  at(n: number): RegisterOperations {
    const { kind, value, next, call, ret } = this.columns;
    const from = this.start[n]!;
    const to = this.start[n + 1]!;
    return {
      key: this.objects[n]!.key,
      kind: kind.subarray(from, to),
      value: value.subarray(from, to),
      next: next.subarray(from, to),
      call: call.subarray(from, to),
      ret: ret.subarray(from, to),
    };
  }
}

/**
 * Errors by which a register says that it held another value than expected; Maelstrom calls it the latter.
 */
const MISMATCH = ['mismatch', 'cas-mismatch', 'precondition-failed'];

/**
 * Whether the failure of a compare-and-set shows that the register held another value. In Jepsen's histories
 * `fail` says only that there was no effect, and recorded ones hold failures without a reason although the
 * value was as expected. So only an error that says so counts as an answer of the register.
 */
export function isMismatch(error: string | undefined): boolean {
  return error !== undefined && MISMATCH.includes(error);
}

/**
 * Reads a history as operations on registers: `read`, `write` and `cas` with `[from, to]`. Throws
 * `MalformedOp` when it meets another function.
 */
export function encodeRegisters(intervals: Intervals, initial: unknown): Registers {
  const { history } = intervals;
  const count = intervals.call.length;
  const columns = {
    kind: new Uint8Array(count),
    value: new Int32Array(count),
    next: new Int32Array(count),
    call: new Int32Array(count),
    ret: new Int32Array(count),
  };
  const interner = new Interner();
  interner.id(initial);
  const codes = history.fNames.map((name) => FUNCTIONS.indexOf(name));
  const start = new Int32Array(intervals.objects.length + 1);
  let at = 0;
  intervals.objects.forEach((range, n) => {
    for (let i = range.from; i < range.to; i++) {
      if (!encode(columns, at, intervals, i, codes[history.f[intervals.call[i]!]!]!, interner)) continue;
      columns.call[at] = intervals.call[i]!;
      columns.ret[at] = intervals.ret[i]!;
      at++;
    }
    start[n + 1] = at;
  });
  return new Registers(columns, intervals.objects, start, interner.values);
}

type MutableColumns = Omit<RegisterOperations, 'key'>;

/** Writes operation `i` at row `at`; false when it says nothing. */
function encode(
  to: MutableColumns,
  at: number,
  from: Intervals,
  i: number,
  code: number,
  interner: Interner,
): boolean {
  const { history } = from;
  const event = from.call[i]!;
  const outcome = from.outcome[i]!;
  to.kind[at] = code;
  switch (code) {
    case READ:
      if (outcome !== OK) return false;
      to.value[at] = interner.id(history.value(from.ret[i]!));
      return true;
    case WRITE:
      if (outcome === FAIL) return false;
      to.value[at] = interner.id(history.value(event));
      return true;
    case CAS: {
      if (outcome === FAIL && !isMismatch(history.error(from.ret[i]!))) return false;
      const [expected, installed] = casValues(history, event);
      const a = (to.value[at] = interner.id(expected));
      const b = (to.next[at] = interner.id(installed));
      if (outcome === FAIL) to.kind[at] = FAILED_CAS;
      else if (a === b) to.kind[at] = READ;
      return to.kind[at] !== READ || from.ret[i] !== NEVER;
    }
    default:
      throw new MalformedOp(
        `event ${event} has function "${history.fName(event)}", and a register has read, write and cas: choose another model`,
      );
  }
}

function casValues(history: History, event: number): readonly unknown[] {
  const value = history.value(event);
  if (Array.isArray(value) && value.length === 2) return value;
  throw malformed(history, event, '[from, to]');
}
