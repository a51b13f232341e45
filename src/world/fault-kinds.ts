import type { FaultKind } from '../faults/fault.ts';

const EVERY_KIND: Readonly<Record<FaultKind, true>> = {
  'network/cut': true,
  'network/heal': true,
  'network/shape': true,
  'network/unshape': true,
  'clock/step': true,
  'clock/drift': true,
  'clock/strobe': true,
  'clock/reset': true,
  'process/kill': true,
  'process/start': true,
  'process/pause': true,
  'process/resume': true,
  'process/lie': true,
  'process/honest': true,
  'disk/lose-unsynced': true,
  'disk/bit-flip': true,
  'disk/eio': true,
  'disk/enospc': true,
  'disk/slow': true,
  'disk/heal': true,
};

/** Every kind of fault and repair. */
export const FAULT_KINDS = Object.keys(EVERY_KIND) as FaultKind[];
