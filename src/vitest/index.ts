import { expect } from 'vitest';
import { matchers } from './matchers.ts';

expect.extend(matchers);

export type { HistoryMatchers } from './matchers.ts';
export { type Simulated, type SimulationSpec, simulation } from './simulation.ts';
