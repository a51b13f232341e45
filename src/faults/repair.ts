import type { FaultKind } from './fault.ts';

/** The faults that each repair undoes. A process that its disk's errors ended is started again like one that was killed. */
export const UNDOES: Readonly<Partial<Record<FaultKind, readonly FaultKind[]>>> = {
  'network/heal': ['network/cut'],
  'network/unshape': ['network/shape'],
  'clock/reset': ['clock/step', 'clock/drift', 'clock/strobe'],
  'process/start': ['process/kill', 'disk/lose-unsynced'],
  'process/resume': ['process/pause'],
  'process/honest': ['process/lie'],
  'disk/heal': ['disk/eio', 'disk/enospc', 'disk/slow'],
};
