import type { ChalkInstance } from 'chalk';

/** How a text report looks. */
export interface Style {
  readonly paint: ChalkInstance;
  /** Columns to fill. */
  readonly width: number;
}
