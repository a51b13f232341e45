import type { History } from '../../histories/history.ts';
import type { Nanos } from '../../histories/op.ts';
import { placeOf } from '../final-reads.ts';
import { malformed } from '../malformed.ts';
import type { Operation } from '../operations.ts';

/** What a clock showed at some moment between the beginning and the end of a `read`. */
export interface Reading {
  readonly op: Operation;
  readonly node: string;
  readonly time: Nanos;
  /** How far from true time it says it may be, ns; null where it says nothing. */
  readonly error: Nanos | null;
  /** Names the life of the process whose clock it is. */
  readonly life: unknown;
  /** How often the clock was stepped in this life. */
  readonly steps: number;
}

/** The readings of all successful reads, in the order of their invocations. */
export function readingsOf(history: History, operations: readonly Operation[]): Reading[] {
  return operations
    .filter(({ f, outcome }) => f === 'read' && outcome === 'ok')
    .map((op) => {
      const { result } = op;
      if (!isReading(result)) throw malformed(history, op.event, '{ time, error, life, steps }');
      return { op, node: placeOf(op), ...result };
    });
}

type Plain = Pick<Reading, 'time' | 'error' | 'life' | 'steps'>;

function isReading(value: unknown): value is Plain {
  if (typeof value !== 'object' || value === null) return false;
  const { time, error, steps } = value as Partial<Plain>;
  const bounded = error === null || typeof error === 'number';
  return typeof time === 'number' && typeof steps === 'number' && bounded;
}
