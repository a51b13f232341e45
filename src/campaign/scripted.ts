import { any } from '../generator/choice.ts';
import type { Generator } from '../generator/generator.ts';
import { sleep } from '../generator/pace.ts';
import { timeline } from '../generator/timeline.ts';
import type { Script, ScriptedOperation } from '../spec/script.ts';
import type { Nanos } from '../world/nanos.ts';

/** What clients do by a script; when they have nothing more to do, they wait for the end, at the latest `end`. */
export function scriptedClients(operations: readonly ScriptedOperation[], end: Nanos): Generator {
  return any(timeline(operations), sleep(end));
}

/** What the nemesis does by a script; null where it does nothing. */
export function scriptedNemesis({ faults }: Script): Generator | null {
  if (faults.length === 0) return null;
  return timeline(faults.map(({ at, kind, ...value }) => ({ at, thread: 'nemesis', f: kind, value })));
}
