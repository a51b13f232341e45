import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ScriptedFault } from '../../spec/script.ts';

/** What whoever explores wants to know of a run. Plain JSON data, and small: a campaign keeps it of each run. */
export interface Seen {
  /** Hashes of small abstractions of its course, 32 bits each, in base64. */
  readonly features: string;
  /** The faults of its script, packed. */
  readonly faults: string;
}

export function seenOf(features: Iterable<number>, faults: readonly ScriptedFault[]): Seen {
  return { features: packFeatures(features), faults: packFaults(faults) };
}

export function packFeatures(features: Iterable<number>): string {
  return Buffer.from(Int32Array.from(features).buffer).toString('base64');
}

export function unpackFeatures(packed: string): Int32Array {
  return new Int32Array(Uint8Array.from(Buffer.from(packed, 'base64')).buffer);
}

/** Schedules name the same kinds and nodes again and again. */
function packFaults(faults: readonly ScriptedFault[]): string {
  return deflateRawSync(JSON.stringify(faults)).toString('base64');
}

export function unpackFaults(packed: string): ScriptedFault[] {
  return JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString());
}
