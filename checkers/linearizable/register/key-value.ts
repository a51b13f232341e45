import { FAIL, OK } from '../../../histories/op.ts';
import { int32Column } from '../columns.ts';
import { type Intervals, NEVER, type ObjectRange } from '../intervals.ts';
import type { Monitored } from '../monitors/containers.ts';
import { ChainChecker } from './check.ts';
import { CAS, INITIAL, READ, type RegisterOperations, WRITE } from './encode.ts';

/**
 * Decides one key of a store with `get`, `put` and `append` when all that is put or appended is different and
 * no piece begins with another. Each string that was read then falls into pieces in one way, and says what
 * each of its appends found: an append is a compare-and-set. An append that nobody saw is as good as a write
 * of a value that nobody saw.
 */
export function monitorKeyValue(intervals: Intervals, object: ObjectRange): Monitored {
  const register = asRegister(intervals, object);
  if (register === undefined) return 'unsure';
  const { ops, values } = register;
  const verdict = new ChainChecker(values.length, ops.kind.length).check(intervals.history, ops, values);
  return verdict === 'ambiguous' ? 'unsure' : verdict;
}

function asRegister(
  intervals: Intervals,
  object: ObjectRange,
): { ops: RegisterOperations; values: readonly unknown[] } | undefined {
  const pieces = piecesOf(intervals, object);
  if (pieces === undefined) return undefined;
  const strings = new Strings(pieces);
  const { history, call, ret, outcome } = intervals;
  const rows: number[] = [];
  const reads = new Map<number, number>();
  for (let row = object.from; row < object.to; row++) {
    if (outcome[row] === FAIL) continue;
    if (history.fName(call[row]!) === 'get') {
      if (outcome[row] !== OK) continue;
      const id = strings.read(String(history.value(ret[row]!) ?? ''));
      if (id === undefined) return undefined;
      reads.set(row, id);
    }
    rows.push(row);
  }
  const kind = new Uint8Array(rows.length);
  const value = new Int32Array(rows.length);
  const next = new Int32Array(rows.length);
  rows.forEach((row, i) => {
    const read = reads.get(row);
    const [from, to] = read === undefined ? strings.effectOf(row) : [read, -1];
    kind[i] = read !== undefined ? READ : from < 0 ? WRITE : CAS;
    value[i] = kind[i] === WRITE ? to : from;
    next[i] = to;
  });
  const ops: RegisterOperations = {
    key: object.key,
    kind,
    value,
    next,
    call: int32Column(rows, (row) => call[row]!),
    ret: int32Column(rows, (row) => ret[row] ?? NEVER),
  };
  return { ops, values: strings.values };
}

interface Piece {
  readonly text: string;
  readonly row: number;
  readonly appended: boolean;
}

/** What was put and appended, sorted; undefined when a string could fall into such pieces in several ways. */
function piecesOf(
  { history, call, outcome }: Intervals,
  { from, to }: ObjectRange,
): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  for (let row = from; row < to; row++) {
    const f = history.fName(call[row]!);
    if (f === 'get' || outcome[row] === FAIL) continue;
    if (f !== 'put' && f !== 'append') return undefined;
    const text = history.value(call[row]!);
    if (typeof text !== 'string' || text === '') return undefined;
    pieces.push({ text, row, appended: f === 'append' });
  }
  pieces.sort((a, b) => (a.text < b.text ? -1 : 1));
  const clear = pieces.every(({ text }, i) => i === 0 || !text.startsWith(pieces[i - 1]!.text));
  return clear ? pieces : undefined;
}

/** Numbers the strings that the key held according to its reads, and tells what led from one to another. */
class Strings {
  /** By number; the string that the key holds at first is 0. */
  readonly values: string[] = [''];
  private readonly pieces: readonly Piece[];
  /**
   * Of each row that was seen: the number of the string that it found, or -1 for a put, and of the one that
   * it left.
   */
  private readonly effects = new Map<number, readonly [from: number, to: number]>();

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
  }

  /** The number of a string that was read; undefined when it makes no sense. */
  read(text: string): number | undefined {
    let id = INITIAL;
    for (let at = 0; at < text.length; ) {
      const piece = this.pieceAt(text, at);
      if (piece === undefined || (!piece.appended && at > 0)) return undefined;
      at += piece.text.length;
      const from = piece.appended ? id : -1;
      const known = this.effects.get(piece.row);
      // Appended to two different strings: only one of them can be.
      if (known !== undefined && known[0] !== from) return undefined;
      id = known?.[1] ?? this.add(text.slice(0, at));
      if (known === undefined) this.effects.set(piece.row, [from, id]);
    }
    return id;
  }

  effectOf(row: number): readonly [from: number, to: number] {
    return this.effects.get(row) ?? [-1, this.add('something that nobody saw')];
  }

  private add(text: string): number {
    this.values.push(text);
    return this.values.length - 1;
  }

  /** The piece that begins at `at`: of those up to what is there, the last, as none begins with another. */
  private pieceAt(text: string, at: number): Piece | undefined {
    let low = 0;
    let high = this.pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const piece = this.pieces[middle]!.text;
      if (piece <= text.slice(at, at + piece.length)) low = middle + 1;
      else high = middle;
    }
    const piece = this.pieces[low - 1];
    return piece !== undefined && text.startsWith(piece.text, at) ? piece : undefined;
  }
}
